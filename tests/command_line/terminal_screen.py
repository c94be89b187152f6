"""A terminal in memory: what a person would see, with everything that has scrolled away."""

from __future__ import annotations

import io
from collections.abc import Callable

import pyte
from rich.console import Console


class _Screen(pyte.HistoryScreen):
    """A screen that answers when it is asked where the cursor is."""

    reply: Callable[[str], object] | None = None

    def write_process_input(self, data: str) -> None:
        """Send what a terminal answers to the program."""
        if self.reply is not None:
            self.reply(data)


class TerminalScreen:
    """Takes what a program writes; `lines` is all that was ever shown and not erased."""

    def __init__(
        self,
        columns: int = 60,
        lines: int = 12,
        reply: Callable[[str], object] | None = None,
    ) -> None:
        self._screen = _Screen(columns, lines, history=100_000)
        self._screen.reply = reply
        self._stream = pyte.Stream(self._screen)
        self._columns = columns

    def feed(self, text: str) -> None:
        """Draw what a program has written."""
        self._stream.feed(text)

    @property
    def lines(self) -> list[str]:
        """The lines from the first that scrolled away to the last on the screen."""
        gone = [
            "".join(line[column].data for column in range(self._columns))
            for line in self._screen.history.top
        ]
        return [line.rstrip() for line in (*gone, *self._screen.display)]

    @property
    def text(self) -> str:
        """All lines as one text, without the empty rest of the screen."""
        return "\n".join(self.lines).rstrip("\n")


class ScreenFile(io.StringIO):
    """A file whose text is drawn on a screen; `writes` counts how often something was written."""

    def __init__(self, screen: TerminalScreen) -> None:
        super().__init__()
        self.screen = screen
        self.written: list[str] = []

    def write(self, text: str) -> int:
        """Draw the text; a terminal driver makes `\\r\\n` of a line end."""
        self.written.append(text)
        self.screen.feed(text.replace("\n", "\r\n"))
        return len(text)

    def isatty(self) -> bool:
        """Say that this is a terminal."""
        return True


def console_on(screen: TerminalScreen, columns: int = 60, lines: int = 12) -> Console:
    """Return a rich console that draws on the screen."""
    return Console(
        file=ScreenFile(screen),
        force_terminal=True,
        width=columns,
        height=lines,
        highlight=False,
        color_system="standard",
        legacy_windows=False,
        _environ={"TERM": "xterm-256color"},
    )
