"""The KV cache's sequences: which tokens each one holds, and which serves a new prompt best.

A new prompt takes the sequence that shares its longest beginning. Where more than a little of that
sequence would be lost, the beginning is shared with another one instead, which costs no cells: so
a conversation and the file being edited do not push each other out. Sequences that nobody uses are
given up least recently used first, when the cache has no room. Those that may be given up soon are
parked in host memory while there is nothing else to do, and come back from there.
"""

from __future__ import annotations

from array import array

from engine.inference.language_model import Keeping
from engine.inference.parking.common_beginning import common_length
from engine.inference.parking.parking_lot import LEAST_PARKED_TOKENS, ParkedState, ParkingLot
from engine.inference.parking.state_keeper import StateKeeper
from engine.inference.runtime import Runtime

# Losing less than this by taking a sequence over is cheaper than occupying another one.
_SMALL_LOSS_TOKENS = 64
# To bring a state back takes about as long as reading one token; below this it changes nothing.
_LEAST_GAIN_TOKENS = 32
# With fewer empty sequences, or a larger share of cells in use, something may have to go soon.
_SPARE_SEQUENCES = 2
_FULL_SHARE = 0.6
NOBODY = -1


class CachedSequence:
    """One sequence of the cache."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.tokens = array("i")
        self.is_used = False
        self.awaited_by = NOBODY
        self.last_used = 0
        # The file whose prompt it holds, where that is to be kept on the disk, and how much of it:
        # what was added since is not known to be free of secrets.
        self.keeping: Keeping | None = None
        self.kept_length = 0
        # Whether parking what it holds now was tried: it must not be tried for ever.
        self.is_parked = False


class SequenceTable:
    """All sequences of a runtime."""

    def __init__(
        self,
        runtime: Runtime,
        lot: ParkingLot | None = None,
        keeper: StateKeeper | None = None,
    ) -> None:
        self._runtime = runtime
        # A model that cannot forget an end can use a state only for the very same tokens.
        self._lot = lot if runtime.can_truncate else None
        self._keeper = keeper if self._lot is not None else None
        self._sequences = [CachedSequence(number) for number in range(runtime.sequence_count)]
        self._clock = 0

    def acquire(self, prompt: array[int], keeping: Keeping | None = None) -> tuple[int, int] | None:
        """Return a sequence for `prompt` and how many of its tokens that holds already.

        At least one token is left to be read, so that there is a distribution to choose from.
        None when every sequence is in use.
        """
        idle = [sequence for sequence in self._sequences if not sequence.is_used]
        if not idle:
            return None
        self._fetch(keeping)
        _, shared = self._best_match(prompt)
        taken = self._unparked(prompt, shared, idle)
        if taken is None:
            best, shared = self._best_match(prompt)
            taken = self._take(best, min(shared, len(prompt) - 1), idle)
        taken.is_used = True
        if keeping is not None:
            taken.keeping, taken.kept_length = keeping, len(prompt)
        taken.awaited_by = NOBODY
        self._touch(taken)
        return taken.number, len(taken.tokens)

    def note(self, number: int, tokens: array[int], wrong: int = 0) -> int:
        """Write down what a sequence holds now, and return how many tokens that is.

        `wrong` guesses behind `tokens` are forgotten.
        """
        sequence = self._sequences[number]
        sequence.tokens = tokens
        sequence.is_parked = False
        if wrong:
            self._forget(sequence, len(tokens))
        self._touch(sequence)
        return len(sequence.tokens)

    def settle(self, number: int, tokens: array[int]) -> int:
        """Find out what an interrupted decode left of `tokens` in a sequence, and return how many.

        At least one is left to be read again: its distribution was not computed. Guesses behind
        them are forgotten.
        """
        sequence = self._sequences[number]
        held = self._runtime.length_of(number)
        sequence.tokens = tokens[:held]
        sequence.is_parked = False
        if held >= len(tokens):
            self._forget(sequence, len(tokens) - 1)
        self._touch(sequence)
        return len(sequence.tokens)

    def release(self, number: int, *, awaited_by: int = NOBODY) -> None:
        """Give a sequence back; what it holds stays for later prompts.

        `awaited_by` is the answer that was set aside and means to go on with it.
        """
        self._sequences[number].is_used = False
        self._sequences[number].awaited_by = awaited_by

    def stop_awaiting(self, job: int) -> None:
        """An answer that was set aside will not go on."""
        for sequence in self._sequences:
            if sequence.awaited_by == job:
                sequence.awaited_by = NOBODY

    def evict_oldest(self) -> bool:
        """Forget the idle sequence that was not used for longest; False when there is none."""
        idle = [each for each in self._sequences if not each.is_used and each.tokens]
        if not idle:
            return False
        self._cut(min(idle, key=_worth), 0)
        return True

    def to_park(self) -> CachedSequence | None:
        """Return the idle sequence that would be given up first, where that may be soon."""
        if self._lot is None or not self._is_nearly_full():
            return None
        idle = [
            each
            for each in self._sequences
            if not each.is_used and not each.is_parked and len(each.tokens) >= LEAST_PARKED_TOKENS
        ]
        return min(idle, key=_worth, default=None)

    def park(self, sequence: CachedSequence) -> None:
        """Copy a sequence to host memory; it stays in the cache. Takes some 25 ms a 1,000 tokens.

        The runtime must be at rest.
        """
        sequence.is_parked = True
        if self._lot is None or self._lot.covers(sequence.tokens):
            return
        state = self._runtime.take_state(sequence.number)
        if state:
            self._lot.add(ParkedState(sequence.tokens, state))

    def to_keep(self, *, is_end: bool = False) -> CachedSequence | None:
        """Return an idle sequence whose state should be written to the disk."""
        if self._keeper is None:
            return None
        newest: dict[Keeping, CachedSequence] = {}
        for each in sorted(self._sequences, key=lambda sequence: sequence.last_used):
            if each.keeping is not None:
                newest[each.keeping] = each
        for keeping, each in newest.items():
            tokens = each.tokens[: each.kept_length]
            if not each.is_used and self._keeper.is_new(keeping, tokens, is_end=is_end):
                return each
        return None

    def keep(self, sequence: CachedSequence) -> None:
        """Write what is to be kept of a sequence to the disk. The runtime must be at rest."""
        if self._keeper is None or sequence.keeping is None:
            return
        tokens = sequence.tokens[: sequence.kept_length]
        empty = next((each for each in self._sequences if not each.tokens), None)
        if len(tokens) == len(sequence.tokens):
            state = self._runtime.take_state(sequence.number)
        elif empty is not None and self._runtime.copy(sequence.number, empty.number, len(tokens)):
            state = self._runtime.take_state(empty.number)
            self._runtime.truncate(empty.number, 0)
        else:
            self._cut(sequence, len(tokens))
            state = self._runtime.take_state(sequence.number)
        self._keeper.save(sequence.keeping, ParkedState(tokens, state))

    def _fetch(self, keeping: Keeping | None) -> None:
        """Bring what was kept of a file from the disk to the other parked states, once."""
        if keeping is None or self._keeper is None or self._lot is None:
            return
        kept = self._keeper.load(keeping)
        if kept is not None:
            self._lot.add(kept)

    def _is_nearly_full(self) -> bool:
        empty = sum(not each.tokens for each in self._sequences)
        # Cells that sequences share are counted more than once: that parks a little too early.
        cells = sum(len(each.tokens) for each in self._sequences)
        return empty < _SPARE_SEQUENCES or cells > _FULL_SHARE * self._runtime.cell_count

    def _unparked(
        self, prompt: array[int], shared: int, idle: list[CachedSequence]
    ) -> CachedSequence | None:
        """Return a sequence filled from host memory, where that spares more than the cache does."""
        if self._lot is None:
            return None
        parked, length = self._lot.best_match(prompt)
        length = min(length, len(prompt) - 1)
        if parked is None or length < shared + _LEAST_GAIN_TOKENS:
            return None
        target = min(idle, key=_worth)
        self._cut(target, 0)
        while not self._runtime.put_state(target.number, parked.state):
            held = sum(len(each.tokens) for each in self._sequences)
            if held + len(parked.tokens) <= self._runtime.cell_count:
                self._lot.remove(parked)  # there was room for it: something else is wrong with it
                return None
            if not self.evict_oldest():
                return None
        self._lot.touch(parked)
        target.tokens = parked.tokens
        self._cut(target, length)
        target.is_parked = True
        return target

    def _best_match(self, prompt: array[int]) -> tuple[CachedSequence, int]:
        """Return the sequence that shares most with a prompt, of equals the one to lose least."""
        matches = [(common_length(each.tokens, prompt), each) for each in self._sequences]
        shared, best = max(
            matches, key=lambda match: (match[0], not match[1].is_used, -len(match[1].tokens))
        )
        return best, shared

    def _take(
        self, best: CachedSequence, shared: int, idle: list[CachedSequence]
    ) -> CachedSequence:
        loss = len(best.tokens) - shared
        others = [sequence for sequence in idle if sequence is not best]
        most = 0 if best.awaited_by != NOBODY else _SMALL_LOSS_TOKENS
        if not best.is_used and (loss <= most or not others):
            self._cut(best, shared)
            return best
        target = min(others, key=_worth)
        self._cut(target, 0)
        if shared > 0 and self._runtime.copy(best.number, target.number, shared):
            target.tokens = best.tokens[:shared]
            target.is_parked = False
        return target

    def _cut(self, sequence: CachedSequence, length: int) -> None:
        if len(sequence.tokens) != length:
            self._forget(sequence, length)

    def _forget(self, sequence: CachedSequence, length: int) -> None:
        if not self._runtime.truncate(sequence.number, length):
            # Recurrent models cannot forget only an end.
            self._runtime.truncate(sequence.number, 0)
            length = 0
        sequence.tokens = sequence.tokens[:length]
        sequence.kept_length = min(sequence.kept_length, length)

    def _touch(self, sequence: CachedSequence) -> None:
        self._clock += 1
        sequence.last_used = self._clock


def _worth(sequence: CachedSequence) -> tuple[bool, bool, int]:
    """Order idle sequences by what would be lost with them, least first."""
    return bool(sequence.tokens), sequence.awaited_by != NOBODY, sequence.last_used
