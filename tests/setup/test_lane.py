"""Lanes run commands side by side, report them, and stop everything they started."""

from __future__ import annotations

import io
import os
import queue
import signal
import sys
import threading
from pathlib import Path

import pytest

from setup.display import run_side_by_side
from setup.lane import Ended, Lane, Said, Step

DEADLINE_SECONDS = 30.0


def python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


def test_steps_run_in_order_and_are_logged(tmp_path: Path) -> None:
    order: list[str] = []
    steps = [
        Step("first", python("print('one'); print('two', end='\\r')"), describe=str.upper),
        Step("second", call=lambda: order.append("called")),
    ]
    events: queue.Queue[Said | Ended] = queue.Queue()
    lane = Lane("build", steps, tmp_path / "logs" / "log")
    lane.start(events)
    lane.join()
    said = [events.get_nowait() for _ in range(events.qsize())]
    assert said == [
        Said("build", "first"),
        Said("build", "ONE"),
        Said("build", "TWO"),
        Said("build", "second"),
        Ended("build", None),
    ]
    assert order == ["called"]
    assert b"two" in (tmp_path / "logs" / "log").read_bytes()


def test_a_failure_ends_its_lane_only_and_keeps_the_last_lines(tmp_path: Path) -> None:
    program = "import sys\nfor n in range(99): print('line', n)\nsys.exit(7)"
    unwanted: list[str] = []
    wanted: list[str] = []
    lanes = [
        Lane(
            "bad",
            [Step("trying", python(program)), Step("never", call=lambda: unwanted.append("x"))],
            tmp_path / "bad",
        ),
        Lane("good", [Step("working", call=lambda: wanted.append("x"))], tmp_path / "good"),
    ]
    screen = io.StringIO()
    failures = run_side_by_side(lanes, screen)
    assert list(failures) == ["bad"]
    assert "exit status 7" in failures["bad"]
    assert failures["bad"].endswith("line 98")
    assert "line 1\n" not in failures["bad"]
    assert (unwanted, wanted) == ([], ["x"])
    assert "bad: failed" in screen.getvalue()
    assert "good: done" in screen.getvalue()


def test_an_exception_in_a_call_is_a_failure_and_no_hang(tmp_path: Path) -> None:
    def fail() -> None:
        raise PermissionError("read-only")

    failures = run_side_by_side([Lane("x", [Step("s", call=fail)], tmp_path / "l")], io.StringIO())
    assert failures == {"x": "PermissionError: read-only"}


def test_a_program_that_is_missing_is_a_failure(tmp_path: Path) -> None:
    steps = [Step("s", ("/no/such/program",))]
    failures = run_side_by_side([Lane("x", steps, tmp_path / "l")], io.StringIO())
    assert "FileNotFoundError" in failures["x"]


STUBBORN = """
import os, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("ready", child.pid, flush=True)
child.wait()
"""


def test_an_interrupt_ends_the_command_and_its_children(tmp_path: Path) -> None:
    lane = Lane("slow", [Step("working", python(STUBBORN), describe=str)], tmp_path / "log")
    pids: list[int] = []

    class Screen(io.StringIO):
        def write(self, text: str) -> int:
            if "ready" in text:
                pids.append(int(text.rsplit(maxsplit=1)[-1]))
                # What Ctrl+C does to the thread that waits.
                signal.raise_signal(signal.SIGINT)
            return super().write(text)

        def isatty(self) -> bool:
            return True

    with pytest.raises(KeyboardInterrupt):
        run_side_by_side([lane], Screen())
    assert len(pids) == 1
    assert not _is_running(pids[0])
    assert threading.active_count() == 1


def _is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if status.parent.parent.exists() and sys.platform == "linux":
        # A killed child whose parent is gone may stay a zombie until someone reaps it.
        return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
