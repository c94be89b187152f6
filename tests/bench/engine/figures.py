"""What a measure yields: rows of samples with the limits that they are held to."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Literal

import msgspec

Statistic = Literal["median", "worst"]


class BenchFailure(Exception):
    """A measure cannot be taken here, or what was measured is not what it should be."""


class Limit(msgspec.Struct, frozen=True):
    """What a statistic of a row must reach: at most `bound`, or at least where `is_least`."""

    bound: float
    statistic: Statistic = "median"
    is_least: bool = False


class Row(msgspec.Struct, frozen=True):
    """One measured quantity; `samples` in the order in which they were taken."""

    key: str
    title: str
    unit: str
    samples: tuple[float, ...]
    limits: tuple[Limit, ...] = ()
    note: str = ""

    @property
    def median(self) -> float:
        """The middle of the samples."""
        return statistics.median(self.samples)

    @property
    def smallest(self) -> float:
        """The smallest sample."""
        return min(self.samples)

    @property
    def largest(self) -> float:
        """The largest sample."""
        return max(self.samples)

    @property
    def is_met(self) -> bool | None:
        """Whether all limits hold; None where the row has none."""
        return all(self._holds(limit) for limit in self.limits) if self.limits else None

    def _holds(self, limit: Limit) -> bool:
        if limit.is_least:
            return (self.median if limit.statistic == "median" else self.smallest) >= limit.bound
        return (self.median if limit.statistic == "median" else self.largest) <= limit.bound


class Effort(msgspec.Struct, frozen=True):
    """How much is measured: a quick run only shows that the program works."""

    is_quick: bool = False

    def rounds(self, full: int) -> int:
        """Return the number of rounds in place of a full run's."""
        return max(2, full // 10) if self.is_quick else full


def row(
    key: str,
    title: str,
    unit: str,
    samples: Iterable[float],
    *limits: Limit,
    note: str = "",
) -> Row:
    """Return a row; raises BenchFailure where there is nothing in it."""
    taken = tuple(samples)
    if not taken:
        raise BenchFailure(f"{title}: no sample was taken")
    return Row(key, title, unit, taken, limits, note)


def percentile(samples: Iterable[float], percent: int) -> float:
    """Return the sample below which `percent` of all lie."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
