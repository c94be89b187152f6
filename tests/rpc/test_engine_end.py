"""Clients and a real daemon that is killed, stopped, hung or restarted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.chat import AnswerText
from rpc.client import Limpet
from rpc.endpoint import Endpoint, endpoint_path, read_endpoint, write_endpoint
from rpc.engine_lock import ENGINE_LOCK_NAME, engine_lock_holder
from rpc.failures import (
    DeadlinePassed,
    EngineGone,
    EngineUnreachable,
)
from rpc.patience import Patience
from rpc.processes import is_alive
from rpc.stopping import stop_engine
from tests.engine.daemon.fake_engine import LISTEN_VARIABLE
from tests.rpc.real_engine import DEADLINE_SECONDS, IMPATIENT, ask, texts

pytestmark = pytest.mark.usefixtures("daemon")


def test_an_engine_killed_in_the_middle_of_an_answer_is_replaced(home: Path) -> None:
    notices: list[str] = []
    with Limpet.open("test", on_notice=notices.append) as limpet:
        stream = ask(limpet, b"hold")
        next(stream)
        assert next(stream) == AnswerText(b"tick")
        killed = limpet.engine.handshake()
        os.kill(killed.pid, signal.SIGKILL)

        with pytest.raises(EngineGone):
            list(stream)
        (home / "release").touch()
        assert texts(stream.again())[-1] == b"released"
        assert limpet.engine.handshake().run_id != killed.run_id

    assert notices == [
        "Starting the engine.",
        "Starting the engine.",
        "The engine was restarted; the connection has been made anew.",
    ]


def test_a_client_outlives_a_restart_that_changes_the_token() -> None:
    with Limpet.open("test") as limpet:
        before = read_endpoint()
        assert stop_engine("test") == limpet.engine.handshake().pid
        assert limpet.engine.status().running_requests == 0
        after = read_endpoint()

    assert before is not None
    assert after is not None
    assert before.token != after.token


def test_cancelling_stops_the_work_in_the_engine(home: Path) -> None:
    with Limpet.open("test") as limpet:
        with ask(limpet, b"hold") as stream:
            next(stream)
            next(stream)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not (home / "closed").exists():
            assert time.monotonic() < deadline


def test_an_engine_without_a_unix_socket_that_hangs_can_be_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(LISTEN_VARIABLE, "127.0.0.1:0")
    with Limpet.open("test") as limpet:
        pid = limpet.engine.handshake().pid
    os.kill(pid, signal.SIGSTOP)

    assert stop_engine("test", patience=IMPATIENT) == pid
    assert not is_alive(pid)


@pytest.fixture
def hung() -> Iterator[int]:
    """A running engine, to be stopped by SIGSTOP; the process id."""
    with Limpet.open("test") as limpet:
        yield limpet.engine.handshake().pid


def test_an_engine_that_hangs_is_told_and_can_be_ended(hung: int) -> None:
    os.kill(hung, signal.SIGSTOP)

    with pytest.raises(DeadlinePassed, match=f"process {hung}") as caught:
        Limpet.open("test", patience=IMPATIENT)

    assert "restart" in caught.value.advice
    assert stop_engine("test", patience=IMPATIENT) == hung
    assert not is_alive(hung)


def test_an_engine_that_hangs_in_the_middle_of_an_answer_is_told(hung: int) -> None:
    with Limpet.open("test", patience=IMPATIENT) as limpet:
        stream = ask(limpet, b"hold")
        next(stream)
        os.kill(hung, signal.SIGSTOP)

        with pytest.raises(DeadlinePassed, match="has stopped answering"):
            list(stream)


def test_a_long_silence_of_an_engine_that_is_well_is_borne(home: Path) -> None:
    with Limpet.open("test", patience=Patience(silence_seconds=0.02)) as limpet:
        stream = ask(limpet, b"hold")
        next(stream)
        # Nobody reads, so that the watch asks for many signs of life.
        is_released = threading.Event()
        threading.Timer(0.3, is_released.set).start()
        assert is_released.wait(DEADLINE_SECONDS)
        (home / "release").touch()

        assert texts(stream)[-1] == b"released"


def test_a_client_that_comes_while_an_engine_is_ending_gets_the_next_one(home: Path) -> None:
    with Limpet.open("test") as limpet:
        ending = limpet.engine.handshake()
        stream = ask(limpet, b"hold")
        next(stream)
        limpet.engine.shutdown(grace_seconds=10)
        threading.Timer(0.3, (home / "release").touch).start()

        with Limpet.open("test") as late:
            assert late.engine.handshake().run_id != ending.run_id
        assert texts(stream)[-1] == b"released"


def test_a_process_that_nobody_collected_is_not_alive() -> None:
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert not is_alive(process.pid)

    process.wait()


def test_the_holder_of_the_engine_lock_is_known_only_while_the_engine_runs(runtime: Path) -> None:
    with Limpet.open("test") as limpet:
        assert engine_lock_holder(runtime) == limpet.engine.handshake().pid

    stop_engine("test")
    assert (runtime / ENGINE_LOCK_NAME).exists()
    assert engine_lock_holder(runtime) is None


def test_an_engine_without_an_endpoint_file_can_be_ended(home: Path) -> None:
    with Limpet.open("test") as limpet:
        pid = limpet.engine.handshake().pid
    endpoint_path().unlink()

    assert stop_engine("test", grace_seconds=0) == pid
    assert not is_alive(pid)


def test_a_process_that_is_no_engine_is_not_ended(runtime: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        write_endpoint(Endpoint("127.0.0.1:1", "x", bystander.pid, "x", "0.1.0"))

        with pytest.raises(EngineUnreachable, match="cannot safely be ended"):
            stop_engine("test")

        assert bystander.poll() is None
        endpoint_path().unlink()
