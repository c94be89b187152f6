"""Endpoint files, folders, sockets and proxies that a client must not fall for."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.endpoint import Endpoint, endpoint_path, write_endpoint
from rpc.failures import (
    DeadlinePassed,
    EngineMissing,
    EngineNotRunning,
    NotAllowed,
)
from rpc.patience import Patience
from rpc.places import runtime_directory
from tests.engine.daemon.fake_engine import LISTEN_VARIABLE
from tests.rpc.real_engine import DEADLINE_SECONDS, IMPATIENT, ask, texts

pytestmark = pytest.mark.usefixtures("daemon")


def _dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


STALE_PIDS = {"of a process that is gone": _dead_pid, "of another process": os.getpid}


@pytest.mark.parametrize("pid", STALE_PIDS.values(), ids=STALE_PIDS)
def test_a_stale_endpoint_file_does_not_keep_an_engine_from_being_started(
    runtime: Path, pid: object
) -> None:
    assert callable(pid)
    stale = Endpoint(f"unix:{runtime}/engine.sock", "old", pid(), "old", "0.0.1")
    write_endpoint(stale)

    with Limpet.open("test") as limpet:
        assert limpet.engine.handshake().run_id != "old"


def test_an_endpoint_file_that_others_may_read_is_not_trusted(runtime: Path) -> None:
    with Limpet.open("test"):
        endpoint_path().chmod(0o644)

        with pytest.raises(EngineNotRunning):
            Limpet.open("test", start=False)
        endpoint_path().chmod(0o600)


def test_a_runtime_folder_that_is_open_to_others_is_closed(runtime: Path) -> None:
    runtime.chmod(0o777)

    with Limpet.open("test"):
        assert runtime.stat().st_mode & 0o777 == 0o700


def test_a_runtime_folder_that_is_a_link_is_refused(home: Path) -> None:
    runtime_directory().symlink_to(home)

    with pytest.raises(EngineMissing, match="is not a folder") as caught:
        Limpet.open("test")

    assert "XDG_RUNTIME_DIR" in caught.value.advice


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        for name in ("http_proxy", "https_proxy", "grpc_proxy", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv(LISTEN_VARIABLE, "127.0.0.1:0")

        with Limpet.open("test") as limpet:
            assert limpet.connection.link.endpoint.address.startswith("127.0.0.1:")
            assert texts(ask(limpet, b"hello")) == [b"hello"]

        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):
            proxy.accept()


def test_a_token_is_never_sent_in_the_clear(runtime: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        write_endpoint(Endpoint(f"127.0.0.1:{port}", "secret", os.getpid(), "x", "0.1.0"))

        with pytest.raises(NotAllowed, match="in the clear"):
            Limpet.open("test")
        endpoint_path().unlink()

        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def _answer_with(listener: socket.socket, reply: bytes) -> None:
    """Answer every connection with the bytes, or never, until the listener is shut down."""
    taken = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        taken.append(connection)
        with contextlib.suppress(OSError):  # the other side may have gone already
            connection.sendall(reply)
    for connection in taken:
        connection.close()


@pytest.fixture
def stranger(runtime: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A listener that is no engine, at the engine's own address."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(runtime / "engine.sock"))
    listener.listen()
    thread = threading.Thread(target=_answer_with, args=(listener, request.param))
    thread.start()
    write_endpoint(Endpoint(f"unix:{runtime}/engine.sock", "x", os.getpid(), "x", "0.1.0"))
    yield str(runtime / "engine.sock")
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(DEADLINE_SECONDS)
    endpoint_path().unlink(missing_ok=True)


@pytest.mark.parametrize("stranger", [b"HTTP/1.1 400 Bad Request\r\n\r\n"], indirect=True)
def test_garbage_on_the_socket_ends_in_a_sentence(stranger: str) -> None:
    with pytest.raises(EngineMissing) as caught:
        Limpet.open("test", patience=Patience(handshake_seconds=1.0, start_seconds=10.0))

    assert stranger in caught.value.message


@pytest.mark.parametrize("stranger", [b""], indirect=True)
def test_silence_on_the_socket_ends_in_a_sentence(stranger: str) -> None:
    with pytest.raises(DeadlinePassed, match="did not answer within 2 seconds"):
        Limpet.open("test", patience=IMPATIENT)
