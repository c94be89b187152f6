"""Shows how far a transfer is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType

from command_line import quantities
from command_line.output import Output
from rpc.models import TransferProgress
from rpc.visible_text import visible

_REDRAW_SECONDS = 0.1
_LINE_SECONDS = 10.0
_BAR_CELLS = 24


class ProgressView:
    """Draws on standard error; call it with each step, and leave the `with` block at the end."""

    def __init__(self, output: Output, title: str) -> None:
        self._output = output
        self._title = title
        self._is_terminal = output.diagnostics_are_terminal
        self._drawn_at = float("-inf")
        self._note = ""
        self._began: tuple[float, int] | None = None
        self._last: TransferProgress | None = None

    def __enter__(self) -> ProgressView:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._last is None:
            return
        if self._is_terminal:
            self._draw(self._last)
            self._output.notice("")
        elif error is None:
            self._output.notice(self._sentence(self._last))

    def __call__(self, step: TransferProgress) -> None:
        """Take a step and draw it if the last drawing is old enough."""
        now = time.monotonic()
        if self._began is None or step.done_bytes < self._began[1]:
            self._began = (now, step.done_bytes)
        self._last = step
        if step.note and step.note != self._note:
            self._note = step.note
            self._say_note(step.note)
        if now - self._drawn_at < (_REDRAW_SECONDS if self._is_terminal else _LINE_SECONDS):
            return
        self._drawn_at = now
        if self._is_terminal:
            self._draw(step)
        else:
            self._output.notice(self._sentence(step))

    def _say_note(self, note: str) -> None:
        clear = "\r\x1b[K" if self._is_terminal else ""
        self._output.notice(f"{clear}{self._title}: {visible(note)}")

    def _draw(self, step: TransferProgress) -> None:
        line = self._sentence(step)
        if step.total_bytes:
            cells = round(_BAR_CELLS * min(step.done_bytes / step.total_bytes, 1))
            line = f"{line}  {'━' * cells}{'╌' * (_BAR_CELLS - cells)}"
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r\x1b[K{line[:width]}")
        sys.stderr.flush()

    def _sentence(self, step: TransferProgress) -> str:
        if not step.total_bytes:
            return f"{self._title}: {quantities.size(step.done_bytes)}"
        percent = int(100 * step.done_bytes / step.total_bytes)
        done = f"{quantities.size(step.done_bytes)} of {quantities.size(step.total_bytes)}"
        return f"{self._title}: {percent} % ({done}{self._speed(step)})"

    def _speed(self, step: TransferProgress) -> str:
        """Return speed and time left, as far as two steps tell."""
        if self._began is None or step.done_bytes >= step.total_bytes:
            return ""
        seconds = time.monotonic() - self._began[0]
        transferred = step.done_bytes - self._began[1]
        if seconds < 1 or transferred <= 0:
            return ""
        rate = transferred / seconds
        left = quantities.duration((step.total_bytes - step.done_bytes) / rate)
        return f", {quantities.size(round(rate))}/s, {left} left"
