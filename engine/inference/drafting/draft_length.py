"""How many guesses to verify: as many as promise most tokens per millisecond."""

from __future__ import annotations

from collections.abc import Sequence

from engine.inference.drafting.cost_curve import CostCurve

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24)
# A draft that promises less than this over none is not worth the risk of a wrong estimate.
_LEAST_GAIN = 1.03


def draft_length(
    survival: Sequence[float], curve: CostCurve, *, most: int, batch_tokens: int, batch_yield: float
) -> int:
    """Return how many of the guesses to add to a decode, 0 for none.

    `survival` is the probability of each guess that it and all before it are right. Without them
    the decode has `batch_tokens` tokens and gives `batch_yield` new ones.
    """
    best, best_speed = 0, _LEAST_GAIN * batch_yield / curve.milliseconds(batch_tokens)
    most = min(most, len(survival))
    expected, counted = batch_yield, 0
    for length in LENGTHS:
        if length > most:
            break
        expected += sum(survival[counted:length])
        counted = length
        speed = expected / curve.milliseconds(batch_tokens + length)
        if speed > best_speed:
            best, best_speed = length, speed
    return best
