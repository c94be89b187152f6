"""A clock that stands still until it is set."""

from __future__ import annotations


class HandClock:
    """Tells the milliseconds that it was set to, one more each time."""

    def __init__(self, now: int = 1_000) -> None:
        self.now = now

    def __call__(self) -> int:
        self.now += 1
        return self.now
