"""Which states are on the disk, which of them is out of date, and which was asked for already."""

from __future__ import annotations

from array import array

from engine.inference.language_model import Keeping
from engine.inference.parking.common_beginning import common_length
from engine.inference.parking.parking_lot import LEAST_PARKED_TOKENS, ParkedState
from engine.inference.parking.state_folder import StateFolder

# Writing some MiB again is worth it for no less; at the end of the process for much less.
_MANY_NEW_TOKENS = 256
_SOME_NEW_TOKENS = 64


class StateKeeper:
    """Loads each file's state once, and writes it again when much of it is new."""

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._kept: dict[Keeping, array[int]] = {}

    def load(self, keeping: Keeping) -> ParkedState | None:
        """Return the state on the disk the first time that a file is asked for."""
        if keeping in self._kept:
            return None
        found = self._folder.load(keeping)
        self._kept[keeping] = found.tokens if found is not None else array("i")
        return found

    def is_new(self, keeping: Keeping, tokens: array[int], *, is_end: bool = False) -> bool:
        """Whether these tokens should be written."""
        if len(tokens) < LEAST_PARKED_TOKENS:
            return False
        kept = self._kept.get(keeping, array("i"))
        least = _SOME_NEW_TOKENS if is_end else _MANY_NEW_TOKENS
        new = max(len(tokens), len(kept)) - common_length(kept, tokens)
        return not kept or new >= least

    def save(self, keeping: Keeping, parked: ParkedState) -> None:
        """Write a state; one that cannot be written is not tried again."""
        self._kept[keeping] = parked.tokens
        self._folder.save(parked, keeping)
