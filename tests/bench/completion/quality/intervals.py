"""How sure a share is."""

from __future__ import annotations

import math

# The normal distribution's 97.5th percentile: 95 % of intervals hold the true share.
_Z = 1.959964


def wilson_interval(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson, 1927)."""
    if trials == 0:
        return 0.0, 1.0
    found = hits / trials
    centre = found + _Z**2 / (2 * trials)
    spread = _Z * math.sqrt(found * (1 - found) / trials + _Z**2 / (4 * trials**2))
    scale = 1 + _Z**2 / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def in_words(hits: int, trials: int) -> str:
    """Return hits, trials, share and interval for a table."""
    low, high = wilson_interval(hits, trials)
    share = 100 * hits / trials if trials else 0.0
    return f"{hits}/{trials} = {share:.1f} % ({100 * low:.0f}–{100 * high:.0f})"
