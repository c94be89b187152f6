"""The rows of the report: one figure for every side, and the target it is held to."""

from __future__ import annotations

from typing import Literal

import msgspec

LIMPET = "limpet"

Against = Literal["own value", "best peer"]


class Target(msgspec.Struct, frozen=True):
    """At most `bound`, or at least where `is_least`; of the value, or of its ratio to the peer."""

    bound: float
    against: Against = "own value"
    is_least: bool = False

    @property
    def words(self) -> str:
        """The target as the table shows it."""
        sign = "≥" if self.is_least else "≤"
        return f"{sign} {self.bound:g}" + (" × peer" if self.against == "best peer" else "")


class Row(msgspec.Struct, frozen=True):
    """One figure. A value that is None lies beyond what was waited for, or does not exist."""

    key: str
    title: str
    unit: str
    values: dict[str, float | None]
    target: Target | None = None
    note: str = ""
    is_more_better: bool = False

    @property
    def ours(self) -> float | None:
        """Limpet's value."""
        return self.values.get(LIMPET)

    @property
    def best_peer(self) -> float | None:
        """The value of the best configuration of the peer."""
        peers = [each for name, each in self.values.items() if name != LIMPET and each is not None]
        if not peers:
            return None
        return max(peers) if self.is_more_better else min(peers)

    @property
    def ratio(self) -> float | None:
        """Limpet's value ÷ the best peer's."""
        ours, best = self.ours, self.best_peer
        return ours / best if ours is not None and best else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where there is none, or nothing to compare with."""
        if self.target is None:
            return None
        value = self.ours if self.target.against == "own value" else self.ratio
        if value is None:
            return None if self.ours is not None else False
        return value >= self.target.bound if self.target.is_least else value <= self.target.bound
