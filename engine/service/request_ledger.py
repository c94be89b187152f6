"""Knows which work is open, so that the engine never ends in the middle of some."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import EngineStopping


class RequestLedger:
    """Counts open and finished work. Belongs to one event loop; not for other threads."""

    def __init__(self) -> None:
        self._open = 0
        self._answered = 0
        self._idle_since = time.monotonic()
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._is_stopping = False

    @property
    def open_work(self) -> int:
        """How much work is open."""
        return self._open

    @property
    def answered(self) -> int:
        """How many answers were given in full since the start."""
        return self._answered

    @contextmanager
    def work(self) -> Iterator[None]:
        """Count the block as open work."""
        self._open += 1
        self._is_empty.clear()
        try:
            yield
        finally:
            self._open -= 1
            self._idle_since = time.monotonic()
            if not self._open:
                self._is_empty.set()

    def note_activity(self) -> None:
        """Count as not idle from now: something came in on a stream that is no work by itself."""
        self._idle_since = time.monotonic()

    def count_answer(self) -> None:
        """Count an answer that was given in full."""
        self._answered += 1

    def idle_seconds(self) -> float:
        """Return for how long there has been no work; 0 while there is some."""
        return 0.0 if self._open else time.monotonic() - self._idle_since

    def stop_taking(self) -> None:
        """Refuse new requests from now on."""
        self._is_stopping = True

    def require_open(self) -> None:
        """Raise EngineStopping where new requests are to be refused."""
        if self._is_stopping:
            raise EngineStopping("The engine is ending and takes no new requests.")

    async def wait_until_empty(self, seconds: float) -> bool:
        """Wait until no work is open, at most `seconds`; return whether that is so."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_empty.wait()
        except TimeoutError:
            return False
        return True
