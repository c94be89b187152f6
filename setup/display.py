"""Shows lanes that run side by side: one live line on a terminal, now and then a line in a pipe."""

from __future__ import annotations

import queue
import shutil
import sys
import time
from typing import TextIO

from setup.lane import Ended, Lane, Said

_PIPE_INTERVAL_SECONDS = 15.0
_TERMINAL_INTERVAL_SECONDS = 0.1


class Display:
    """Writes what lanes say; the newest word of each lane counts."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._texts: dict[str, str] = {}
        self._shown: dict[str, tuple[str, float]] = {}
        self._drawn_at = 0.0
        self.has_more = False  # something was said too soon after the last drawing

    def say(self, lane: str, text: str) -> None:
        """Show the newest word of a lane, or leave it out when the last is recent."""
        self._texts[lane] = text
        now = time.monotonic()
        if self._is_terminal:
            self.has_more = True
            if now - self._drawn_at >= _TERMINAL_INTERVAL_SECONDS:
                self._draw(now)
            return
        shown, shown_at = self._shown.get(lane, ("", 0.0))
        if text != shown and (not shown or now - shown_at >= _PIPE_INTERVAL_SECONDS):
            self._shown[lane] = (text, now)
            self._stream.write(f"{lane}: {text}\n")
            self._stream.flush()

    def finish(self, lane: str, sentence: str) -> None:
        """Write the last word of a lane for good."""
        self._texts.pop(lane, None)
        erase = "\r\x1b[K" if self._is_terminal else ""
        self._stream.write(f"{erase}{lane}: {sentence}\n")
        self._stream.flush()
        if self._is_terminal and self._texts:
            self._draw(time.monotonic())

    def clear(self) -> None:
        """Take the live line off the terminal."""
        if self._is_terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def refresh(self) -> None:
        """Draw what was said too soon after the last drawing."""
        if self.has_more:
            self._draw(time.monotonic())

    def _draw(self, now: float) -> None:
        self.has_more = False
        width = shutil.get_terminal_size().columns - 1
        line = "   ".join(f"{lane}: {text}" for lane, text in self._texts.items())
        self._stream.write(f"\r\x1b[K{line[:width]}")
        self._stream.flush()
        self._drawn_at = now


def run_side_by_side(lanes: list[Lane], stream: TextIO = sys.stderr) -> dict[str, str]:
    """Run all lanes to their ends and return the failures by lane; an interrupt stops them all."""
    events: queue.Queue[Said | Ended] = queue.Queue()
    display = Display(stream)
    failures: dict[str, str] = {}
    started = time.monotonic()
    running = {lane.name for lane in lanes}
    try:
        for lane in lanes:
            lane.start(events)
        while running:
            try:
                event = events.get(timeout=_TERMINAL_INTERVAL_SECONDS if display.has_more else None)
            except queue.Empty:
                display.refresh()
                continue
            if isinstance(event, Said):
                display.say(event.lane, event.text)
                continue
            running.discard(event.lane)
            seconds = time.monotonic() - started
            if event.failure is None:
                display.finish(event.lane, f"done after {seconds:.0f} s")
            else:
                failures[event.lane] = event.failure
                display.finish(event.lane, f"failed after {seconds:.0f} s")
    except BaseException:
        display.clear()
        for lane in lanes:
            lane.stop()
        raise
    finally:
        for lane in lanes:
            lane.join()
    return failures
