"""Guesses how one answer goes on: as the text did where its end occurred before.

Prompt lookup (Saxena 2023) with the longest match first. An answer that copies a text with changes
leaves it for a word and comes back: so where a guess failed, the same source is looked at first for
the next, from there on a little way, and there a single token is enough to be found again.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.inference.drafting.acceptance import Acceptance
from engine.inference.drafting.token_history import TokenHistory

MOST_GUESSES = 24
# An answer that left its source comes back to it within so many tokens, or not at all.
_RETURN_TOKENS = 32
_LEAST_MATCHED = 2
_NOWHERE = -1


class Proposal(msgspec.Struct, frozen=True):
    """Guesses, and for each the probability that it and all before it are right."""

    tokens: tuple[int, ...] = ()
    survival: tuple[float, ...] = ()


class Drafter:
    """The guesses of one answer. It learns from what came instead, also of guesses not used."""

    def __init__(self, others: Sequence[Sequence[int]] = ()) -> None:
        self._history = TokenHistory(others)
        self._acceptance = Acceptance()
        self._known = 0
        self._guesses: list[int] = []
        self._matched = 0
        self._source = _NOWHERE

    def propose(self, tokens: array[int]) -> Proposal:
        """Return guesses of what follows `tokens`, which begin with those of the last call."""
        more = tokens[self._known :]
        self._known = len(tokens)
        self._history.extend(more)
        self._learn(more)
        position, self._matched = self._find_source()
        self._guesses = []
        if position != _NOWHERE:
            self._guesses = self._history.after(position, MOST_GUESSES)
            self._source = position
        return Proposal(tuple(self._guesses), self._survival())

    def _learn(self, came: array[int]) -> None:
        """Compare the last guesses with what came, and follow the source as far as they agree."""
        for guess, token in zip(self._guesses, came, strict=False):
            is_right = guess == token
            self._acceptance.learn(self._matched, is_right)
            if not is_right:
                return
            self._matched += 1
            self._source += 1

    def _find_source(self) -> tuple[int, int]:
        """Return where the text stands that is likely to come next, and how much matched there."""
        positions, matched = self._history.longest_matches()
        if matched >= _LEAST_MATCHED:
            return self._nearest(positions), matched
        if self._source != _NOWHERE:
            begin = self._source
            position = self._history.first_occurrence(begin, begin + _RETURN_TOKENS)
            return position, 1
        return _NOWHERE, 0

    def _nearest(self, positions: NDArray[np.intp]) -> int:
        """Return the first position not before the source, or else the last of all."""
        if self._source != _NOWHERE:
            place = int(np.searchsorted(positions, self._source))
            if place < len(positions) and positions[place] <= self._source + _RETURN_TOKENS:
                return int(positions[place])
        return int(positions[-1])

    def _survival(self) -> tuple[float, ...]:
        survival, product = [], 1.0
        for place in range(len(self._guesses)):
            product *= self._acceptance.rate(self._matched + place)
            survival.append(product)
        return tuple(survival)
