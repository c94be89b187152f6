"""What a decode costs by its number of tokens, as the probe measured it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_MOST_TOKENS = 512


class CostCurve:
    """Milliseconds of a decode, between and beyond the measured sizes along straight lines.

    Raises ValueError for fewer than two sizes, or times that are no times.
    """

    def __init__(self, batch_milliseconds: Mapping[int, float]) -> None:
        sizes = sorted(batch_milliseconds)
        if len(sizes) < 2 or sizes[0] < 1:
            raise ValueError("a cost curve needs two measured sizes")
        measured = np.array([batch_milliseconds[size] for size in sizes])
        if not np.isfinite(measured).all() or measured.min() <= 0.0:
            raise ValueError("a decode takes more than no time")
        # More tokens never cost less; where they seem to, the machine was busy for a moment. Going
        # down from the largest size, a time that is too long is corrected, not the ones behind it.
        times = np.minimum.accumulate(measured[::-1])[::-1]
        asked = np.arange(_MOST_TOKENS + 1)
        slope = (times[-1] - times[0]) / (sizes[-1] - sizes[0])
        within = np.interp(asked, sizes, times)
        beyond = np.maximum(asked - sizes[-1], 0) * slope
        self._milliseconds: list[float] = (within + beyond).tolist()

    @classmethod
    def of(cls, batch_milliseconds: Mapping[int, float]) -> CostCurve | None:
        """Return the curve, or None where there is no use of what was measured."""
        try:
            return cls(batch_milliseconds)
        except ValueError:
            return None

    def milliseconds(self, tokens: int) -> float:
        """Return the time of a decode of that many tokens."""
        return self._milliseconds[min(tokens, _MOST_TOKENS)]
