"""How often guesses come true, by how much of the text before them agrees with their source."""

from __future__ import annotations

from bisect import bisect_right

# Matches of fewer tokens than the next number count together.
_LEAST_MATCHES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
# What is expected of each before anything was seen: measured over answers of the default model to
# the tasks of the bench, chat and edits together, and rounded down.
_EXPECTED = (0.40, 0.50, 0.62, 0.78, 0.84, 0.86, 0.93, 0.95, 0.98, 0.99)
# How many guesses the expectation counts as.
_WEIGHT = 3.0
# What was seen long ago fades: about this many guesses are remembered.
_KEPT = 1.0 - 1.0 / 24.0


class Acceptance:
    """What was seen of one answer's guesses."""

    def __init__(self) -> None:
        self._right = [_WEIGHT * each for each in _EXPECTED]
        self._all = [_WEIGHT] * len(_EXPECTED)

    def rate(self, matched: int) -> float:
        """Return the share of guesses after a match of that length that come true."""
        place = _place(matched)
        return self._right[place] / self._all[place]

    def learn(self, matched: int, is_right: bool) -> None:
        """Count a guess."""
        place = _place(matched)
        # Fades toward the expectation, not toward nothing.
        fresh = 1.0 - _KEPT
        self._right[place] = (
            _KEPT * self._right[place] + fresh * _WEIGHT * _EXPECTED[place] + is_right
        )
        self._all[place] = _KEPT * self._all[place] + fresh * _WEIGHT + 1.0


def _place(matched: int) -> int:
    return max(0, bisect_right(_LEAST_MATCHES, matched) - 1)
