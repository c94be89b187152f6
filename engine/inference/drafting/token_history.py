"""All tokens of a request so far, and where their end has occurred in them before.

A look through sixteen thousand tokens takes numpy some ten microseconds, so there is no index to
be built for each prompt and kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_MATCHED = 32
# Stands between texts that do not follow one another; no token has this number.
_GAP = -1
_LEAST_CAPACITY = 256


class TokenHistory:
    """Tokens that only grow. `others` are texts apart that stand in front."""

    def __init__(self, others: Sequence[Sequence[int]] = ()) -> None:
        self._tokens: NDArray[np.int32] = np.full(_LEAST_CAPACITY, _GAP, np.int32)
        self.length = 0
        for text in others:
            self.extend(array("i", text))
            self.extend(array("i", [_GAP]))

    def extend(self, more: array[int]) -> None:
        """Append tokens."""
        end = self.length + len(more)
        if end > len(self._tokens):
            grown = np.full(2 * end, _GAP, np.int32)
            grown[: self.length] = self._tokens[: self.length]
            self._tokens = grown
        self._tokens[self.length : end] = more
        self.length = end

    def between(self, begin: int, end: int) -> list[int]:
        """Return the tokens from one position to in front of another."""
        tokens: list[int] = self._tokens[begin : min(end, self.length)].tolist()
        return tokens

    def after(self, position: int, most: int) -> list[int]:
        """Return up to `most` tokens from a position on, not across a gap."""
        tokens = self.between(position, position + most)
        return tokens[: tokens.index(_GAP)] if _GAP in tokens else tokens

    def longest_matches(self) -> tuple[NDArray[np.intp], int]:
        """Return the positions behind the longest earlier occurrences of the end, and its length.

        No more than `MOST_MATCHED` tokens are compared. The positions ascend; there are none, and
        the length is 0, when the last token is new.
        """
        if self.length < 2:
            return np.empty(0, np.intp), 0
        tokens, last = self._tokens, self.length - 1
        found = np.flatnonzero(tokens[:last] == tokens[last]) + 1
        if not found.size:
            return found, 0
        matched = 1
        while matched < min(MOST_MATCHED, last):
            longer = found[found > matched]
            longer = longer[tokens[longer - 1 - matched] == tokens[last - matched]]
            if not longer.size:
                break
            found = longer
            matched += 1
        return found, matched

    def first_occurrence(self, begin: int, end: int) -> int:
        """Return the position behind the last token's first occurrence in a range, or −1."""
        end = min(end, self.length - 1)
        if begin >= end:
            return -1
        found = np.flatnonzero(self._tokens[begin:end] == self._tokens[self.length - 1])
        return begin + int(found[0]) + 1 if found.size else -1
