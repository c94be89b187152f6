"""Clients that start the real daemon, alone or at once, and daemons that do not start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.engine_start import COMMAND_VARIABLE
from rpc.failures import (
    EngineMissing,
    EngineNotRunning,
)
from rpc.patience import Patience
from rpc.places import state_directory
from rpc.processes import is_alive
from rpc.stopping import stop_engine
from tests.rpc.real_engine import ask, command, texts

pytestmark = pytest.mark.usefixtures("daemon")


def test_the_first_client_starts_the_engine_and_the_next_one_finds_it() -> None:
    notices: list[str] = []

    with (
        Limpet.open("test", on_notice=notices.append) as first,
        Limpet.open("test", on_notice=notices.append) as second,
    ):
        assert first.engine.handshake() == second.engine.handshake()
        assert texts(ask(second, b"hello")) == [b"hello"]

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


def test_without_an_engine_and_without_leave_to_start_one_that_is_said() -> None:
    with pytest.raises(EngineNotRunning, match="not running") as caught:
        Limpet.open("test", start=False)

    assert caught.value.exit_code == 3
    assert stop_engine("test") is None


def test_a_state_folder_that_cannot_be_written_does_not_keep_the_engine_from_starting(
    home: Path,
) -> None:
    (home / "state").write_bytes(b"")

    with Limpet.open("test") as limpet:
        assert texts(ask(limpet, b"hello")) == [b"hello"]


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
    monkeypatch.setenv(COMMAND_VARIABLE, command("-c", program))

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
    monkeypatch.setenv(COMMAND_VARIABLE, command("-c", program))

    with pytest.raises(EngineMissing, match="did not become ready within 1 seconds"):
        Limpet.open("test", patience=Patience(start_seconds=1.0))

    assert not is_alive(int(note.read_text()))
