"""Host memory for states that left the KV cache: bounded, least recently used goes first."""

from __future__ import annotations

from array import array

import msgspec

from engine.inference.parking.common_beginning import common_length

# Shorter ones are read again about as quickly as anything else happens at a request's beginning.
LEAST_PARKED_TOKENS = 128
# Two states that differ by less than this at their ends are worth keeping only once.
_SMALL_DIFFERENCE_TOKENS = 64


class ParkedState(msgspec.Struct, frozen=True):
    """What a sequence held: its tokens and the runtime's own bytes for them."""

    tokens: array[int]
    state: bytes


class ParkingLot:
    """Parked states, at most `limit_bytes` of them.

    Every token takes the same bytes and saves the same time, so the worth of a byte is the same in
    all of them, and only the time of the last use decides.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._parked: list[ParkedState] = []

    @property
    def used_bytes(self) -> int:
        """How many bytes are parked."""
        return sum(len(each.state) for each in self._parked)

    def has_space_for(self, byte_count: int) -> bool:
        """Whether a state of that size may be parked at all."""
        return byte_count <= self._limit_bytes

    def covers(self, tokens: array[int]) -> bool:
        """Whether (nearly) all of these tokens are parked."""
        least = max(1, len(tokens) - _SMALL_DIFFERENCE_TOKENS)
        return any(common_length(each.tokens, tokens) >= least for each in self._parked)

    def add(self, parked: ParkedState) -> None:
        """Park a state; states that it goes on from, and the oldest ones, are given up for it."""
        if not self.has_space_for(len(parked.state)):
            return
        self._parked = [each for each in self._parked if not _goes_on_from(parked, each)]
        while self.used_bytes + len(parked.state) > self._limit_bytes:
            del self._parked[0]
        self._parked.append(parked)

    def best_match(self, prompt: array[int]) -> tuple[ParkedState | None, int]:
        """Return the state that shares most with a prompt, and how many tokens that is."""
        best, shared = None, 0
        for each in self._parked:
            length = common_length(each.tokens, prompt)
            if length > shared:
                best, shared = each, length
        return best, shared

    def touch(self, parked: ParkedState) -> None:
        """Note that a state was of use."""
        self._parked = [each for each in self._parked if each is not parked]
        self._parked.append(parked)

    def remove(self, parked: ParkedState) -> None:
        """Give a state up: the runtime does not take it back."""
        self._parked = [each for each in self._parked if each is not parked]


def _goes_on_from(newer: ParkedState, older: ParkedState) -> bool:
    shared = common_length(newer.tokens, older.tokens)
    return shared >= len(older.tokens) - _SMALL_DIFFERENCE_TOKENS
