"""Draws an answer while it is written: finished blocks stay, only the unfinished one changes."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from command_line.chat.answer_markdown import Block
from command_line.chat.markdown_blocks import MarkdownBlocks
from rpc.chat import AnswerBegan
from rpc.failures import Failure
from rpc.visible_text import VisibleStream

_REDRAW_SECONDS = 0.07
# A drawing that took long is followed by a longer pause, so that drawing costs at most a fifth.
_PAUSE_PER_DRAWING = 4.0


class AnswerView:
    """Shows one answer and keeps its bytes in `content`. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        self.content = bytearray()
        self.dropped_turns = 0
        self._console = console
        self._visible = VisibleStream()
        self._blocks = MarkdownBlocks()
        self._next_drawing = 0.0
        self._has_printed = False
        self._starts_again = False
        self._live = Live(
            Text("…", style="dim"),
            console=console,
            auto_refresh=False,
            transient=True,
            vertical_overflow="crop",
        )

    def __enter__(self) -> AnswerView:
        self._live.start(refresh=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._finish()
        self._live.stop()

    def began(self, event: AnswerBegan) -> None:
        """Say how much there is to read."""
        self.dropped_turns = event.dropped_turns
        waiting = Text(f"… {event.prompt_tokens} tokens to read", style="dim")
        self._live.update(waiting, refresh=True)

    def text(self, piece: bytes) -> None:
        """Take more of the answer, and draw it unless the last drawing was just now."""
        if self._starts_again:
            # Not before: what came is worth keeping until there is something new.
            self.content.clear()
            self._starts_again = False
        self.content += piece
        self._add(self._visible.add(piece))

    def starts_again(self, failure: Failure) -> None:
        """Leave what came so far on the screen, marked, and begin anew."""
        self._finish()
        self._starts_again = True
        self._console.print(
            Text(f"{failure.message} The answer starts again from its beginning:", style="yellow")
        )
        self._live.update(Text("…", style="dim"), refresh=True)

    def _add(self, text: str) -> None:
        for block in self._blocks.add(text):
            self._print(block)
            self._next_drawing = 0.0
        now = time.monotonic()
        if now < self._next_drawing:
            return
        self._live.update(Block(self._blocks.tail, tail_only=True), refresh=True)
        took = time.monotonic() - now
        self._next_drawing = now + max(_REDRAW_SECONDS, took * _PAUSE_PER_DRAWING)

    def _finish(self) -> None:
        """Print what is left for good."""
        for block in self._blocks.add(self._visible.end()):
            self._print(block)
        self._live.update(Text(""), refresh=True)
        self._print(self._blocks.end())

    def _print(self, block: str) -> None:
        if not block.strip():
            return
        if self._has_printed:
            self._console.print()
        self._has_printed = True
        self._console.print(Block(block))
