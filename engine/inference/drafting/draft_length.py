"""How many guesses to verify: as many as promise most tokens per millisecond."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

# llama.cpp multiplies packed weights with four rows at a time, and each row that is left over costs
# nearly as much as four together: a decode of five tokens as much as one of eight. (Two or three
# are still cheaper than four.)
_ROWS_TOGETHER = 4
# A draft that promises less than this over none is not worth the risk of a wrong estimate.
_LEAST_GAIN = 1.03


class Cost(Protocol):
    """What decodes cost."""

    def milliseconds(self, tokens: int) -> float:
        """Return the time of a decode of that many tokens."""


def draft_length(
    survival: Sequence[float], cost: Cost, *, most: int, batch_tokens: int, batch_yield: float
) -> int:
    """Return how many of the guesses to add to a decode, 0 for none.

    `survival` is the probability of each guess that it and all before it are right. Without them
    the decode has `batch_tokens` tokens and gives `batch_yield` new ones.
    """
    best, best_speed = 0, _LEAST_GAIN * batch_yield / cost.milliseconds(batch_tokens)
    expected, counted = batch_yield, 0
    for length in _lengths(batch_tokens, min(most, len(survival))):
        expected += sum(survival[counted:length])
        counted = length
        speed = expected / cost.milliseconds(batch_tokens + length)
        if speed > best_speed:
            best, best_speed = length, speed
    return best


def _lengths(batch_tokens: int, most: int) -> Iterator[int]:
    """Yield the lengths that make a decode of a good size, shortest first."""
    for length in range(1, most + 1):
        size = batch_tokens + length
        if size < _ROWS_TOGETHER or size % _ROWS_TOGETHER == 0:
            yield length
