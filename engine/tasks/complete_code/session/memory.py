"""What the model wrote before: suggestions that the user types through or comes back to.

An entry is the model's raw text at a place of the text. Whatever the user typed there since, as
long as it is the beginning of that text, the rest of it is still the answer; and after deleting
what was typed, the whole of it is. Places are compared by hashes of what stands before and after.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict

import msgspec

MOST_ENTRIES = 128
# So many earlier answers are worth being looked through for what the next one repeats.
_RESEMBLED = 2
# Signs that editors write by themselves when their partner is typed.
_PARTNERS = dict(zip(b"([{\"'`", b")]}\"'`", strict=True))


class Place(msgspec.Struct, frozen=True):
    """A caret: how much stands before it, and hashes of what stands before and behind it."""

    offset: int
    before: int
    after: int


class Remembered(msgspec.Struct, frozen=True):
    """The model's raw text at a place, and whether it ended by itself."""

    place: Place
    text: bytes
    log_probabilities: tuple[float, ...]
    reason: str
    model: str = ""
    is_ahead: bool = False
    alternatives: tuple[tuple[bytes, tuple[float, ...]], ...] = ()


class Match(msgspec.Struct, frozen=True):
    """An entry that answers a caret: `typed` bytes of its text stand before the caret by now."""

    entry: Remembered
    typed: int

    @property
    def rest(self) -> bytes:
        """What is left to be suggested."""
        return self.entry.text[self.typed :]


class Around(msgspec.Struct, frozen=True):
    """The text around a caret."""

    before: bytes
    after: bytes

    def place(self) -> Place:
        """Return the caret as a place."""
        return Place(len(self.before), hash(self.before), hash(self.after))

    def typed_since(self, place: Place) -> bytes | None:
        """Return what was typed at an earlier place since, or None where more has changed."""
        if place.offset > len(self.before):
            return None
        if hash(self.before[: place.offset]) != place.before:
            return None
        typed = self.before[place.offset :]
        return typed if self._still_follows(place.after, typed) else None

    def _still_follows(self, after: int, typed: bytes) -> bool:
        """Whether the text behind the caret is the earlier one, but for auto-closed signs."""
        if hash(self.after) == after:
            return True
        closed = partners_of(typed)
        return (
            bool(closed)
            and self.after.startswith(closed)
            and (hash(self.after[len(closed) :]) == after)
        )


def partners_of(typed: bytes) -> bytes:
    """Return what an editor writes behind the caret by itself when `typed` is typed."""
    open_signs = bytearray()
    for sign in typed:
        if open_signs and sign == open_signs[-1]:
            open_signs.pop()
        elif sign in _PARTNERS:
            open_signs.append(_PARTNERS[sign])
    return bytes(reversed(open_signs))


class SuggestionMemory:
    """The last entries, the newest ones first in mind."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Place, Remembered] = OrderedDict()

    def add(self, entry: Remembered) -> None:
        """Remember an entry instead of an older one of the same place."""
        self._entries.pop(entry.place, None)
        self._entries[entry.place] = entry
        while len(self._entries) > MOST_ENTRIES:
            self._entries.popitem(last=False)

    def match(self, around: Around) -> Match | None:
        """Return the newest entry whose text goes on with what stands before the caret."""
        for entry in reversed(self._entries.values()):
            gap = len(around.before) - entry.place.offset
            if gap < 0 or gap > len(entry.text):
                continue
            if around.before[entry.place.offset :] != entry.text[:gap]:
                continue
            if gap == len(entry.text) and gap > 0:
                continue
            if around.typed_since(entry.place) is not None:
                return Match(entry, gap)
        return None

    def newest_texts(self) -> tuple[bytes, ...]:
        """Return the last answers that have text: one that diverges from them may come back."""
        newest = (entry.text for entry in reversed(self._entries.values()) if entry.text.strip())
        return tuple(itertools.islice(newest, _RESEMBLED))

    def clear(self) -> None:
        """Forget everything: another text stands here."""
        self._entries.clear()
