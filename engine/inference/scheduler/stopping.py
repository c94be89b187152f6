"""Ending an answer at a stop text, or where a block of code ends, across token borders."""

from __future__ import annotations

from engine.languages.indentation import indentation_of


class StopTexts:
    """Finds the first stop text in a stream of bytes, and holds back what may become one.

    With `after_text` nothing counts before the first byte that is not blank.
    """

    def __init__(self, texts: tuple[bytes, ...], *, after_text: bool = False) -> None:
        self._waits_for_text = after_text
        self._texts = tuple(text for text in texts if text)
        self._longest = max((len(text) for text in self._texts), default=0)
        self._held = b""

    def feed(self, more: bytes) -> tuple[bytes, bool]:
        """Return the bytes that may be delivered, and whether a stop text was found."""
        if not self._texts:
            return more, False
        if self._waits_for_text:
            content = more.lstrip()
            self._waits_for_text = not content
            text, is_found = self._search(content) if content else (b"", False)
            return more[: len(more) - len(content)] + text, is_found
        return self._search(more)

    def _search(self, more: bytes) -> tuple[bytes, bool]:
        pending = self._held + more
        found = [at for at in (pending.find(text) for text in self._texts) if at >= 0]
        if found:
            self._held = b""
            return pending[: min(found)], True
        keep = self._undecided_length(pending)
        self._held = pending[len(pending) - keep :]
        return pending[: len(pending) - keep], False

    def rest(self) -> bytes:
        """Return what was held back; the answer ended without a stop text."""
        held, self._held = self._held, b""
        return held

    def _undecided_length(self, pending: bytes) -> int:
        """Return the length of the longest end of `pending` that begins a stop text."""
        for length in range(min(len(pending), self._longest - 1), 0, -1):
            end = pending[-length:]
            if any(text.startswith(end) for text in self._texts):
                return length
        return 0


class BlockEnd:
    """Ends an answer in front of the first line that is indented less than its block.

    The text begins inside a line, which counts as inside the block. Line ends and the blanks
    behind them are held back until it is known what they belong to.
    """

    def __init__(self, least_indentation: int) -> None:
        self._least = least_indentation
        self._held = b""

    def feed(self, more: bytes) -> tuple[bytes, bool]:
        """Return the bytes that may be delivered, and whether the block has ended."""
        if self._least <= 0:
            return more, False
        pending = self._held + more
        position = 0
        while (end := pending.find(b"\n", position)) >= 0:
            start = end + 1
            if pending[end - 1 : end] == b"\r":
                end -= 1
            line = pending[start:]
            content = line.lstrip(b" \t\r\n")
            if not content:
                self._held = pending[end:]
                return pending[:end], False
            blanks = line[: len(line) - len(content)]
            if indentation_of(blanks.rpartition(b"\n")[2]) < self._least:
                self._held = b""
                return pending[:end], True
            position = start + len(blanks)
        # A line end of two characters may arrive in two pieces.
        self._held = b"\r" if pending.endswith(b"\r") else b""
        return pending[: len(pending) - len(self._held)], False
