"""Ending an answer at a stop text that may be spread over several tokens."""

from __future__ import annotations


class StopTexts:
    """Finds the first stop text in a stream of bytes, and holds back what may become one."""

    def __init__(self, texts: tuple[bytes, ...]) -> None:
        self._texts = tuple(text for text in texts if text)
        self._longest = max((len(text) for text in self._texts), default=0)
        self._held = b""

    def feed(self, more: bytes) -> tuple[bytes, bool]:
        """Return the bytes that may be delivered, and whether a stop text was found."""
        if not self._texts:
            return more, False
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
