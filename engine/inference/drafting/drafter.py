"""Guesses how one answer goes on: as the text did where its end occurred before.

Prompt lookup (Saxena 2023) with the longest match first, for answers that change what they copy.
Such an answer leaves its source for a word or a line and comes back. So the place where a guess
failed is remembered, and a single token is enough to be found again from there on; what stood
between is taken as a replacement, and is replaced in the guesses from then on: a name that was
changed once is guessed in its new form.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.inference.drafting.acceptance import Acceptance
from engine.inference.drafting.token_history import TokenHistory

# With the token before them a decode of 24, which llama.cpp computes in whole rows of four.
MOST_GUESSES = 23
# An answer that left its source comes back to it within so many tokens, or not at all.
_RETURN_TOKENS = 32
# So much agreement makes a place known as the source of a copy; a match elsewhere has to be longer
# than so much to count for more than coming back to it.
_KNOWN_SOURCE = 4
_SHORT_MATCH = 3
_LEAST_MATCHED = 2
_MOST_REPLACED = 6
_NOWHERE = -1


class Proposal(msgspec.Struct, frozen=True):
    """Guesses, and for each the probability that it and all before it are right."""

    tokens: tuple[int, ...] = ()
    survival: tuple[float, ...] = ()


class _Departure(msgspec.Struct, frozen=True):
    """Where an answer left its source: the places in source and answer, the agreement before."""

    source: int
    answer: int
    matched: int


class Drafter:
    """The guesses of one answer. It learns from what came instead, also of guesses not used."""

    def __init__(self, others: Sequence[Sequence[int]] = ()) -> None:
        self._history = TokenHistory(others)
        self._acceptance = Acceptance()
        self._known = 0
        # The source: the next place in it, whether it is followed, how much agreed in front of it.
        self._place = _NOWHERE
        self._is_following = False
        self._matched = 0
        self._departure: _Departure | None = None
        self._replacements: dict[int, tuple[list[int], list[int]]] = {}
        self._guesses: list[int] = []
        self._places: list[int] = []

    def propose(self, tokens: array[int]) -> Proposal:
        """Return guesses of what follows `tokens`, which begin with those of the last call."""
        came = tokens[self._known :]
        self._known = len(tokens)
        self._learn(came)
        self._history.extend(came)
        self._find_source()
        self._guess()
        return Proposal(tuple(self._guesses), self._survival())

    def _learn(self, came: array[int]) -> None:
        """Compare the last guesses with what came, and follow the source as far as they agree."""
        for number, (guess, token) in enumerate(zip(self._guesses, came, strict=False)):
            is_right = guess == token
            self._acceptance.learn(self._matched, is_right)
            if not is_right:
                self._depart(self._history.length + number)
                return
            self._matched += 1
            self._place = self._places[number]
        if len(came) > len(self._guesses):
            # What came behind the last guess is not known to agree.
            self._is_following = False

    def _depart(self, answer: int) -> None:
        self._departure = _Departure(self._place, answer, self._matched)
        self._is_following = False
        for expected in self._history.between(self._place, self._place + 1):
            self._replacements.pop(expected, None)

    def _find_source(self) -> None:
        positions, matched = self._history.longest_matches()
        if self._is_following and self._matched >= matched:
            return
        if (place := self._way_back(matched)) != _NOWHERE:
            self._follow(place, 1, max(1, matched))
        elif matched >= _LEAST_MATCHED:
            self._follow(self._nearest(positions), matched, matched)
        else:
            self._is_following = False

    def _way_back(self, matched: int) -> int:
        """Return the place in the source that was left where the last token stands, or nowhere.

        `matched` is the length of the best match anywhere.
        """
        left = self._departure
        if left is None or self._history.length - left.answer > _RETURN_TOKENS:
            return _NOWHERE
        if matched > (_SHORT_MATCH if left.matched >= _KNOWN_SOURCE else 1):
            return _NOWHERE
        return self._history.first_occurrence(left.source, left.source + _RETURN_TOKENS)

    def _nearest(self, positions: NDArray[np.intp]) -> int:
        """Return the first position not before the source, or else the last of all."""
        if self._place != _NOWHERE:
            first = int(np.searchsorted(positions, self._place))
            if first < len(positions) and positions[first] <= self._place + _RETURN_TOKENS:
                return int(positions[first])
        return int(positions[-1])

    def _follow(self, place: int, again: int, matched: int) -> None:
        """Go on at a place of which the last `again` tokens are those of the answer."""
        left = self._departure
        if left is not None and left.source < place <= left.source + _RETURN_TOKENS:
            old = self._history.between(left.source, place - again)
            new = self._history.between(left.answer, self._history.length - again)
            if 0 < len(old) <= _MOST_REPLACED and 0 < len(new) <= _MOST_REPLACED:
                self._replacements[old[0]] = (old, new)
        self._place, self._matched = place, matched
        self._is_following = True
        self._departure = None

    def _guess(self) -> None:
        """Copy the source from its place on, with what the answer replaces."""
        self._guesses, self._places = [], []
        if not self._is_following:
            return
        source = self._history.after(self._place, MOST_GUESSES + _MOST_REPLACED)
        at = 0
        while at < len(source) and len(self._guesses) < MOST_GUESSES:
            old, new = self._replacements.get(source[at], (source[at : at + 1],) * 2)
            if source[at : at + len(old)] != old:
                old = new = source[at : at + 1]
            at += len(old)
            self._guesses += new
            self._places += [self._place + at] * len(new)
        del self._guesses[MOST_GUESSES:], self._places[MOST_GUESSES:]

    def _survival(self) -> tuple[float, ...]:
        survival, product = [], 1.0
        for place in range(len(self._guesses)):
            product *= self._acceptance.rate(self._matched + place)
            survival.append(product)
        return tuple(survival)
