"""Who may compute when several models are loaded: typing on one holds back chat on another.

Within one model the scheduler does that. Between worker processes, which would share the cores and
slow each other down, the daemon tells each worker how urgent its work must be at least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from engine.inference.language_model import Priority

LEAST_URGENT = max(Priority)


class Member(Protocol):
    """A model whose work can be held back."""

    def hold(self, level: Priority) -> None:
        """Compute only what is at least as urgent as `level` from now on. Must not wait."""


class Precedence:
    """Knows the open requests of all models. Belongs to one event loop."""

    def __init__(self) -> None:
        self._open: dict[Member, Counter[Priority]] = {}
        self._levels: dict[Member, Priority] = {}

    @contextmanager
    def request(self, member: Member, priority: Priority) -> Iterator[None]:
        """Count the block as an open request of a model."""
        self._open.setdefault(member, Counter())[priority] += 1
        self._tell()
        try:
            yield
        finally:
            self._open[member][priority] -= 1
            self._open[member] += Counter()  # drops what is zero
            if not self._open[member]:
                del self._open[member]
            self._tell()

    def level_of(self, member: Member) -> Priority:
        """Return how urgent a model's work must be: as urgent as the other models' most urgent."""
        others = [
            priority
            for other, counts in self._open.items()
            if other is not member
            for priority in counts
        ]
        return min(others, default=LEAST_URGENT)

    def _tell(self) -> None:
        for member in {*self._open, *self._levels}:
            level = self.level_of(member)
            if self._levels.get(member, LEAST_URGENT) != level:
                member.hold(level)
            self._levels[member] = level
        self._levels = {
            member: level for member, level in self._levels.items() if level != LEAST_URGENT
        }
