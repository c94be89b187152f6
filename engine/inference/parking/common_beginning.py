"""How much two lists of tokens have in common at their beginning."""

from __future__ import annotations

from array import array

import numpy as np


def common_length(left: array[int], right: array[int]) -> int:
    """Return how many leading tokens two arrays share."""
    shorter = min(len(left), len(right))
    if shorter == 0:
        return 0
    different = np.flatnonzero(
        np.frombuffer(left, np.int32, shorter) != np.frombuffer(right, np.int32, shorter)
    )
    return int(different[0]) if different.size else shorter
