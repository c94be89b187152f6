"""The cost of decodes as they are seen to take, beginning with what the probe measured.

A probe may have run while the machine was busy, and a machine that is busy now computes batches at
another price. What matters for drafts is how much more a batch takes than a single token; that one
factor is learned from decodes that follow each other.
"""

from __future__ import annotations

import math

from engine.inference.drafting.cost_curve import CostCurve

# Larger decodes read a prompt and tell nothing about drafts.
_MOST_TOKENS = 32
# Shorter ones are no computing of a model.
_LEAST_SECONDS = 0.001
# The factor's limits, and how much a pair of decodes counts at least.
_LEAST, _GREATEST = 0.25, 8.0
_LEAST_WEIGHT = 0.25
# With every single token what was learned fades a little: where drafts have been given up as too
# dear, they are tried again some hundred tokens later.
_KEPT = 1.0 - 1.0 / 512.0


class MeasuredCost:
    """Milliseconds of a decode, relative to each other."""

    def __init__(self, curve: CostCurve) -> None:
        self._curve = curve
        self._single = curve.milliseconds(1)
        self._factor_log = 0.0
        self._pairs = 0
        self._last = (0, 0.0)

    def milliseconds(self, tokens: int) -> float:
        """Return the time of a decode of that many tokens, if a single one takes what it did."""
        excess = self._curve.milliseconds(tokens) - self._single
        return self._single + math.exp(self._factor_log) * excess

    def saw(self, tokens: int, seconds: float) -> None:
        """Note a decode's time."""
        (last_tokens, last_seconds), self._last = self._last, (tokens, seconds)
        if tokens == 1:
            self._factor_log *= _KEPT
        if min(seconds, last_seconds) < _LEAST_SECONDS:
            return
        if tokens == 1 < last_tokens <= _MOST_TOKENS:
            self._learn(last_tokens, last_seconds / seconds)
        elif last_tokens == 1 < tokens <= _MOST_TOKENS:
            self._learn(tokens, seconds / last_seconds)

    def _learn(self, tokens: int, times_single: float) -> None:
        excess = self._curve.milliseconds(tokens) / self._single - 1.0
        if excess <= 0.0:
            return
        seen = (times_single - 1.0) / excess
        seen = min(max(seen, _LEAST), _GREATEST)
        self._pairs += 1
        weight = max(_LEAST_WEIGHT, 1.0 / (self._pairs + 1))
        self._factor_log += weight * (math.log(seen) - self._factor_log)
