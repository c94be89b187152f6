"""A lane: commands that run one after the other while other lanes run beside it."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_LINE_END = re.compile(rb"[\r\n]+")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_READ_BYTES = 65536
_KEPT_LINES = 12
_GRACE_SECONDS = 10.0

Describe = Callable[[str], str | None]


@dataclass(frozen=True)
class Step:
    """One command of a lane, or one call in this process.

    `describe` turns a line of the command's output into what is shown, or None to show nothing.
    """

    label: str
    command: tuple[str, ...] = ()
    call: Callable[[], None] | None = None
    describe: Describe | None = None
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Said:
    """A lane has something to show."""

    lane: str
    text: str


@dataclass(frozen=True)
class Ended:
    """A lane is done; `failure` is None when all of its steps succeeded."""

    lane: str
    failure: str | None


class Lane:
    """Runs its steps in a thread; each command in a process group of its own."""

    def __init__(self, name: str, steps: list[Step], log: Path) -> None:
        self.name = name
        self._steps = steps
        self.log = log
        self._events: queue.Queue[Said | Ended] | None = None
        self._thread = threading.Thread(target=self._run, name=name)
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False
        self._lock = threading.Lock()

    def start(self, events: queue.Queue[Said | Ended]) -> None:
        """Begin with the first step; what happens is put into `events`."""
        self._events = events
        self._thread.start()

    def stop(self) -> None:
        """Interrupt the running command, kill it when it will not end, start no other."""
        with self._lock:
            self._is_stopped = True
            process = self._process
        if process is None:
            return
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            _signal_group(process, number)
            try:
                process.wait(timeout=_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            # A compiler or two may outlive the program that started them.
            _signal_group(process, signal.SIGKILL)
            return

    def join(self) -> None:
        """Wait until the lane's thread is over, if it ever began."""
        if self._thread.ident is not None:
            self._thread.join()

    def _tell(self, event: Said | Ended) -> None:
        if self._events is not None:
            self._events.put(event)

    def _run(self) -> None:
        failure: str | None = None
        try:
            for step in self._steps:
                self._tell(Said(self.name, step.label))
                failure = self._run_step(step)
                if failure is not None:
                    break
        except Exception as error:  # noqa: BLE001 - the thread must report its end, whatever it is
            failure = f"{type(error).__name__}: {error}"
        self._tell(Ended(self.name, failure))

    def _run_step(self, step: Step) -> str | None:
        if step.call is not None:
            step.call()
            return None
        with self._lock:
            if self._is_stopped:
                return "stopped"
            process = subprocess.Popen(
                step.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(step.environment or {})},
                start_new_session=True,
            )
            self._process = process
        with process:
            last_lines = self._follow(process, step)
        status = process.returncode
        with self._lock:
            self._process = None
        if status == 0:
            return None
        return f"{step.label}: exit status {status}\n" + "\n".join(last_lines)

    def _follow(self, process: subprocess.Popen[bytes], step: Step) -> list[str]:
        if process.stdout is None:
            return []
        last_lines: list[str] = []
        rest = b""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            while chunk := os.read(process.stdout.fileno(), _READ_BYTES):
                log.write(chunk)
                *lines, rest = _LINE_END.split(rest + chunk)
                for raw in lines:
                    line = _CONTROL.sub("", raw.decode("utf-8", "replace")).rstrip()
                    if not line:
                        continue
                    last_lines = [*last_lines[1 - _KEPT_LINES :], line]
                    text = step.describe(line) if step.describe else None
                    if text:
                        self._tell(Said(self.name, text))
        return last_lines


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # all of the group has ended already
