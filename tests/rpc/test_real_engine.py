"""Clients and the real daemon: started, raced for, killed, stopped, hung and restarted."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.chat import AnswerStream, AnswerText, Speaker, Turn
from rpc.client import Limpet
from rpc.endpoint import Endpoint, endpoint_path, read_endpoint, write_endpoint
from rpc.engine_lock import ENGINE_LOCK_NAME, engine_lock_holder
from rpc.engine_start import COMMAND_VARIABLE
from rpc.failures import (
    DeadlinePassed,
    EngineGone,
    EngineMissing,
    EngineNotRunning,
    EngineUnreachable,
    NotAllowed,
)
from rpc.patience import Patience
from rpc.places import runtime_directory, state_directory
from rpc.processes import is_alive
from rpc.stopping import stop_engine
from tests.engine.daemon.fake_engine import FOLDER_VARIABLE, LISTEN_VARIABLE

REPOSITORY = Path(__file__).resolve().parents[2]
# Short enough for a test, long enough for a busy machine that is well.
IMPATIENT = Patience(handshake_seconds=1.0, silence_seconds=0.2)
DEADLINE_SECONDS = 20.0


@pytest.fixture(autouse=True)
def daemon(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let clients start the real daemon, whose tasks are fakes that obey the question."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv(FOLDER_VARIABLE, str(home))
    monkeypatch.setenv(COMMAND_VARIABLE, _command("-m", "tests.engine.daemon.fake_engine"))
    yield
    stop_engine("test", grace_seconds=0, patience=IMPATIENT)


def _command(*arguments: str) -> str:
    return shlex.join([sys.executable, *arguments])


def _ask(limpet: Limpet, question: bytes) -> AnswerStream:
    return limpet.chat.ask([Turn(Speaker.USER, question)])


def _texts(stream: AnswerStream) -> list[bytes]:
    return [event.content for event in stream if isinstance(event, AnswerText)]


def test_the_first_client_starts_the_engine_and_the_next_one_finds_it() -> None:
    notices: list[str] = []

    with (
        Limpet.open("test", on_notice=notices.append) as first,
        Limpet.open("test", on_notice=notices.append) as second,
    ):
        assert first.engine.handshake() == second.engine.handshake()
        assert _texts(_ask(second, b"hello")) == [b"hello"]

    assert notices == ["Starting the engine."]


def test_the_engine_has_nothing_of_the_terminal_or_the_folder_it_was_started_from() -> None:
    with Limpet.open("test") as limpet:
        pid = limpet.engine.handshake().pid

    files = {number: Path(f"/proc/{pid}/fd/{number}").readlink() for number in range(3)}
    assert files[0] == files[1] == Path(os.devnull)
    assert files[2] == state_directory() / "engine-start.log"
    assert os.getsid(pid) == pid
    assert Path(f"/proc/{pid}/cwd").readlink() == Path("/")


@pytest.mark.slow
def test_twenty_clients_at_once_get_one_engine() -> None:
    program = (
        "from rpc.client import Limpet\n"
        "with Limpet.open('race') as limpet: print(limpet.engine.handshake().run_id)"
    )
    clients = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(20)
    ]
    run_ids = [client.communicate(timeout=60)[0].strip() for client in clients]

    assert [client.returncode for client in clients] == [0] * 20
    assert len(set(run_ids)) == 1
    assert (state_directory() / "engine.log").read_text().count('"serving"') == 1


def test_an_engine_killed_in_the_middle_of_an_answer_is_replaced(home: Path) -> None:
    notices: list[str] = []
    with Limpet.open("test", on_notice=notices.append) as limpet:
        stream = _ask(limpet, b"hold")
        next(stream)
        assert next(stream) == AnswerText(b"tick")
        killed = limpet.engine.handshake()
        os.kill(killed.pid, signal.SIGKILL)

        with pytest.raises(EngineGone):
            list(stream)
        (home / "release").touch()
        assert _texts(stream.again())[-1] == b"released"
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
        with _ask(limpet, b"hold") as stream:
            next(stream)
            next(stream)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not (home / "closed").exists():
            assert time.monotonic() < deadline


def test_without_an_engine_and_without_leave_to_start_one_that_is_said() -> None:
    with pytest.raises(EngineNotRunning, match="not running") as caught:
        Limpet.open("test", start=False)

    assert caught.value.exit_code == 3
    assert stop_engine("test") is None


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


def test_a_state_folder_that_cannot_be_written_does_not_keep_the_engine_from_starting(
    home: Path,
) -> None:
    (home / "state").write_bytes(b"")

    with Limpet.open("test") as limpet:
        assert _texts(_ask(limpet, b"hello")) == [b"hello"]


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        for name in ("http_proxy", "https_proxy", "grpc_proxy", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv(LISTEN_VARIABLE, "127.0.0.1:0")

        with Limpet.open("test") as limpet:
            assert limpet.connection.link.endpoint.address.startswith("127.0.0.1:")
            assert _texts(_ask(limpet, b"hello")) == [b"hello"]

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
        if reply:
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
    with pytest.raises(DeadlinePassed, match="did not answer within 1 seconds"):
        Limpet.open("test", patience=IMPATIENT)


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
        stream = _ask(limpet, b"hold")
        next(stream)
        os.kill(hung, signal.SIGSTOP)

        with pytest.raises(DeadlinePassed, match="has stopped answering"):
            list(stream)


def test_a_long_silence_of_an_engine_that_is_well_is_borne(home: Path) -> None:
    with Limpet.open("test", patience=Patience(silence_seconds=0.02)) as limpet:
        stream = _ask(limpet, b"hold")
        next(stream)
        # Nobody reads, so that the watch asks for many signs of life.
        is_released = threading.Event()
        threading.Timer(0.3, is_released.set).start()
        assert is_released.wait(DEADLINE_SECONDS)
        (home / "release").touch()

        assert _texts(stream)[-1] == b"released"


FAILING_STARTS = {
    # what the engine's process does, what is said of it, and the advice
    "says why": (
        "import sys; sys.exit('limpet-engine: The settings are wrong.\\nMend them.')",
        r"could not be started \(exit status 1\): The settings are wrong\.",
        "Mend them.",
    ),
    "unavailable without another engine": (
        "import sys; print('limpet-engine: No room.', file=sys.stderr); sys.exit(3)",
        r"\(exit status 3\): No room\.",
        "Run `limpet doctor` to see what is missing.",
    ),
    "breaks": (
        "raise RuntimeError('broken')",
        r"\(exit status 1\): RuntimeError: broken",
        "Run `limpet doctor` to see what is missing.",
    ),
    "crashes": (
        "import os; os.kill(os.getpid(), 11)",
        r"\(signal 11\)\.",
        "Run `limpet doctor` to see what is missing.",
    ),
}


@pytest.mark.parametrize(
    ("program", "sentence", "advice"), FAILING_STARTS.values(), ids=FAILING_STARTS
)
def test_an_engine_that_cannot_start_says_why(
    monkeypatch: pytest.MonkeyPatch, program: str, sentence: str, advice: str
) -> None:
    monkeypatch.setenv(COMMAND_VARIABLE, _command("-c", program))

    with pytest.raises(EngineMissing, match=sentence) as caught:
        Limpet.open("test")

    assert caught.value.advice == advice


def test_an_engine_program_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMMAND_VARIABLE, "/nowhere/limpet-engine")

    with pytest.raises(EngineMissing, match="/nowhere/limpet-engine: No such file"):
        Limpet.open("test")


def test_an_engine_that_never_gets_ready_is_ended(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = home / "pid"
    program = (
        f"import os, pathlib, signal; pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n"
        "signal.pause()"
    )
    monkeypatch.setenv(COMMAND_VARIABLE, _command("-c", program))

    with pytest.raises(EngineMissing, match="did not become ready within 1 seconds"):
        Limpet.open("test", patience=Patience(start_seconds=1.0))

    assert not is_alive(int(note.read_text()))


def test_a_client_that_comes_while_an_engine_is_ending_gets_the_next_one(home: Path) -> None:
    with Limpet.open("test") as limpet:
        ending = limpet.engine.handshake()
        stream = _ask(limpet, b"hold")
        next(stream)
        limpet.engine.shutdown(grace_seconds=10)
        threading.Timer(0.3, (home / "release").touch).start()

        with Limpet.open("test") as late:
            assert late.engine.handshake().run_id != ending.run_id
        assert _texts(stream)[-1] == b"released"


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
