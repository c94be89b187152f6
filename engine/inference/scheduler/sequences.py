"""The KV cache's sequences: which tokens each one holds, and which serves a new prompt best.

A new prompt takes the sequence that shares its longest beginning. Where more than a little of that
sequence would be lost, the beginning is shared with another one instead, which costs no cells: so
a conversation and the file being edited do not push each other out. Sequences that nobody uses are
given up least recently used first, when the cache has no room.
"""

from __future__ import annotations

from array import array

import numpy as np

from engine.inference.runtime import Runtime

# Losing less than this by taking a sequence over is cheaper than occupying another one.
_SMALL_LOSS_TOKENS = 64


class CachedSequence:
    """One sequence of the cache."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.tokens = array("i")
        self.is_used = False
        self.last_used = 0


def common_length(left: array[int], right: array[int]) -> int:
    """Return how many leading tokens two arrays share."""
    shorter = min(len(left), len(right))
    if shorter == 0:
        return 0
    different = np.flatnonzero(
        np.frombuffer(left, np.int32, shorter) != np.frombuffer(right, np.int32, shorter)
    )
    return int(different[0]) if different.size else shorter


class SequenceTable:
    """All sequences of a runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._sequences = [CachedSequence(number) for number in range(runtime.sequence_count)]
        self._clock = 0

    def acquire(self, prompt: array[int]) -> tuple[int, int] | None:
        """Return a sequence for `prompt` and how many of its tokens that holds already.

        At least one token is left to be read, so that there is a distribution to choose from.
        None when every sequence is in use.
        """
        idle = [sequence for sequence in self._sequences if not sequence.is_used]
        if not idle:
            return None
        best, shared = self._best_match(prompt)
        shared = min(shared, len(prompt) - 1)
        taken = self._take(best, shared, idle)
        taken.is_used = True
        self._touch(taken)
        return taken.number, len(taken.tokens)

    def note(self, number: int, tokens: array[int]) -> None:
        """Write down what a sequence holds now."""
        self._sequences[number].tokens = tokens
        self._touch(self._sequences[number])

    def release(self, number: int) -> None:
        """Give a sequence back; what it holds stays for later prompts."""
        self._sequences[number].is_used = False

    def evict_oldest(self) -> bool:
        """Forget the idle sequence that was not used for longest; False when there is none."""
        idle = [each for each in self._sequences if not each.is_used and each.tokens]
        if not idle:
            return False
        oldest = min(idle, key=lambda each: each.last_used)
        self._cut(oldest, 0)
        return True

    def _best_match(self, prompt: array[int]) -> tuple[CachedSequence, int]:
        best, shared = self._sequences[0], -1
        for sequence in self._sequences:
            length = common_length(sequence.tokens, prompt)
            if length > shared or (length == shared and best.is_used and not sequence.is_used):
                best, shared = sequence, length
        return best, shared

    def _take(
        self, best: CachedSequence, shared: int, idle: list[CachedSequence]
    ) -> CachedSequence:
        loss = len(best.tokens) - shared
        others = [sequence for sequence in idle if sequence is not best]
        if not best.is_used and (loss <= _SMALL_LOSS_TOKENS or not others):
            self._cut(best, shared)
            return best
        target = min(others, key=lambda each: (bool(each.tokens), each.last_used))
        self._cut(target, 0)
        if shared > 0:
            self._runtime.copy(best.number, target.number, shared)
            target.tokens = best.tokens[:shared]
        return target

    def _cut(self, sequence: CachedSequence, length: int) -> None:
        if len(sequence.tokens) == length:
            return
        if not self._runtime.truncate(sequence.number, length):
            # Recurrent models cannot forget only an end.
            self._runtime.truncate(sequence.number, 0)
            length = 0
        sequence.tokens = sequence.tokens[:length]

    def _touch(self, sequence: CachedSequence) -> None:
        self._clock += 1
        sequence.last_used = self._clock
