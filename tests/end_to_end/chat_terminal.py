"""`limpet` in a terminal: keys go in, and what a person would see comes out."""

from __future__ import annotations

import time
from types import TracebackType

import pexpect

from tests.command_line.terminal_screen import TerminalScreen
from tests.end_to_end.limpet_home import LIMPET, LimpetHome

COLUMNS, LINES = 90, 24


class ChatTerminal:
    """A running chat. Use as a context manager."""

    def __init__(self, home: LimpetHome, *words: str) -> None:
        self._process: pexpect.spawn[str] = pexpect.spawn(
            LIMPET[0],
            [*LIMPET[1:], *words],
            cwd=str(home.work),
            env={**home.environment, "TERM": "xterm-256color"},
            encoding="utf-8",
            dimensions=(LINES, COLUMNS),
        )
        self.screen = TerminalScreen(COLUMNS, LINES, self._process.send)

    def __enter__(self) -> ChatTerminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.close(force=True)

    def type(self, keys: str) -> None:
        """Press keys; `\\r` is Enter, `\\x03` Ctrl+C."""
        self._process.send(keys)

    def signal(self, number: int) -> None:
        """Send a signal to the chat."""
        self._process.kill(number)

    def wait_for(self, text: str, times: int = 1, seconds: float = 15.0) -> None:
        """Read until `text` was shown so often."""
        deadline = time.monotonic() + seconds
        may_come = True
        while self.screen.text.count(text) < times:
            is_hopeful = may_come and time.monotonic() < deadline
            assert is_hopeful, f"{text!r} is not in:\n{self.screen.text}"
            may_come = self._read()

    def wait_for_end(self, seconds: float = 10.0) -> int:
        """Read until the chat has ended and return its exit code."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, f"still running:\n{self.screen.text}"
        self._process.wait()
        return self._process.exitstatus if self._process.exitstatus is not None else -1

    def _read(self) -> bool:
        """Draw what has come; return whether more may come."""
        try:
            self.screen.feed(self._process.read_nonblocking(65536, timeout=0.1))
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True
