"""Ending: work that runs is finished, within its grace; nothing new is taken."""

from __future__ import annotations

import signal
import subprocess
import threading
from typing import Any

import grpc
import pytest

from rpc.stubs.limpet.v1 import engine_pb2
from tests.engine.daemon.engine_process import FAKE, Engine, Home, wait_until


def _texts(stream: Any) -> list[bytes]:
    return [step.text for step in stream if step.HasField("text")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_lets_a_running_answer_finish(
    home: Home, engine: Engine, number: signal.Signals
) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("this test run ignores the signal itself, and the engine inherits that")
    stream = engine.held_chat()
    engine.process.send_signal(number)
    wait_until(lambda: not home.endpoint_path.exists(), "the endpoint file's end")
    with pytest.raises(grpc.RpcError) as refused:
        list(engine.chat("a new one"))
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    engine.release()
    assert _texts(stream)[-1] == b"released"
    assert engine.end()[0] == 0
    assert (home.folder / "parts-closed").exists()
    assert not (home.folder / "closed").exists()
    assert not (home.runtime / "engine.sock").exists()


def test_second_signal_cuts_the_grace_short(home: Home, engine: Engine) -> None:
    stream = engine.held_chat()
    engine.process.terminate()
    wait_until(lambda: not home.endpoint_path.exists(), "the drain's begin")
    engine.process.terminate()
    with pytest.raises(grpc.RpcError) as broken:
        list(stream)
    assert broken.value.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
    assert engine.end(5)[0] == 0
    assert (home.folder / "closed").exists()


def test_shutdown_call_cancels_after_its_grace(home: Home, engine: Engine) -> None:
    stream = engine.held_chat()
    answer = engine.engine().Shutdown(
        engine_pb2.ShutdownRequest(grace_seconds=0.3), metadata=engine.metadata
    )
    assert answer.pid == engine.process.pid
    with pytest.raises(grpc.RpcError):
        list(stream)
    assert engine.end(5)[0] == 0
    assert (home.folder / "closed").exists()


@pytest.mark.parametrize("grace", [-1.0, float("nan"), float("inf")])
def test_shutdown_with_an_impossible_grace_is_refused(engine: Engine, grace: float) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        engine.engine().Shutdown(
            engine_pb2.ShutdownRequest(grace_seconds=grace), metadata=engine.metadata
        )
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert engine.process.poll() is None


def test_next_engine_waits_for_the_one_that_is_ending(home: Home, engine: Engine) -> None:
    stream = engine.held_chat()
    engine.process.terminate()
    wait_until(lambda: not home.endpoint_path.exists(), "the drain's begin")
    successor = home.spawn(*FAKE)
    with pytest.raises(subprocess.TimeoutExpired):
        successor.wait(0.5)
    engine.release()
    assert _texts(stream)[-1] == b"released"
    assert engine.end()[0] == 0
    endpoint = wait_until(home.endpoint, "the successor's endpoint")
    assert endpoint.pid == successor.pid
    next_engine = Engine(successor, endpoint, home.folder)
    assert _texts(next_engine.chat("hello")) == [b"hello"]
    next_engine.close()


def test_idle_engine_ends_itself(home: Home) -> None:
    engine = home.start(LIMPET_IDLE_EXIT_SECONDS="1")
    code, _ = engine.end(10)
    assert code == 0
    assert '"reason":"idle"' in home.log.read_text()
    assert home.endpoint() is None


def test_engine_with_an_open_answer_is_not_idle(home: Home) -> None:
    engine = home.start(LIMPET_IDLE_EXIT_SECONDS="1")
    stream = engine.held_chat()
    began = threading.Event()
    seen: list[bytes] = []

    def read() -> None:
        seen.extend(_texts(stream))
        began.set()

    reader = threading.Thread(target=read)
    reader.start()
    with pytest.raises(subprocess.TimeoutExpired):  # three times the idle time
        engine.process.wait(3)
    engine.release()
    assert began.wait(10)
    reader.join()
    assert seen[-1] == b"released"
    assert engine.end(10)[0] == 0


def test_looking_at_the_status_does_not_keep_it_alive(home: Home) -> None:
    engine = home.start(LIMPET_IDLE_EXIT_SECONDS="1")
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.05):
            try:
                engine.engine().GetStatus(engine_pb2.GetStatusRequest(), metadata=engine.metadata)
            except grpc.RpcError:
                return

    looker = threading.Thread(target=look)
    looker.start()
    try:
        assert engine.process.wait(10) == 0
    finally:
        stop.set()
        looker.join()
    engine.end()
