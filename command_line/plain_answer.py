"""Receives an answer for standard output: piece by piece as text, or whole for JSON."""

from __future__ import annotations

from command_line.output import Output
from rpc.chat import AnswerBegan
from rpc.failures import Failure
from rpc.visible_text import VisibleStream


class CollectedAnswer:
    """Keeps the answer in `content` and shows nothing but that it was begun again."""

    def __init__(self, output: Output) -> None:
        self.content = bytearray()
        self.dropped_turns = 0
        self._output = output

    def began(self, event: AnswerBegan) -> None:
        """Note what was left out."""
        self.dropped_turns = event.dropped_turns

    def text(self, piece: bytes) -> None:
        """Keep a piece."""
        self.content += piece

    def starts_again(self, failure: Failure) -> None:
        """Forget what came, and say so on standard error."""
        self.content.clear()
        self._output.notice(f"{failure.message} Asking once more; the answer starts again.")

    def end(self) -> None:
        """Conclude the answer."""


class PlainAnswer(CollectedAnswer):
    """Writes each piece to standard output at once, with control characters written out."""

    def __init__(self, output: Output) -> None:
        super().__init__(output)
        self._visible = VisibleStream()
        self._last_shown = ""

    def text(self, piece: bytes) -> None:
        """Keep a piece and write it."""
        super().text(piece)
        self._write(self._visible.add(piece))

    def starts_again(self, failure: Failure) -> None:
        """Mark the place where the answer broke off, in the text as well."""
        if self.content:
            self.end()
            self._write("\n[The answer broke off here. It starts again from its beginning.]\n\n")
        super().starts_again(failure)

    def end(self) -> None:
        """Write what was held back, and end the last line."""
        self._write(self._visible.end())
        if self._last_shown and not self._last_shown.endswith("\n"):
            self._write("\n")

    def _write(self, text: str) -> None:
        if text:
            self._last_shown = text
            self._output.text(text)
