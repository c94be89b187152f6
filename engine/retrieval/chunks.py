"""Keeps pieces of the files that were opened, saved, edited or jumped from, in a steady order.

The idea of a ring of chunks is that of llama.vim. Here what is in use changes only in `refresh`,
which is called while nobody types: as long as it stays, a model has read it already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

MOST_CHUNKS = 16
CHUNK_LINES = 64
# When the ring overflows so many of the oldest go at once: dropping one at a time would move the
# start of the prompt, and cost reading it all again, each time.
DROPPED_AT_ONCE = 4
# Chunks begin at multiples of this line, so that places near each other give the same chunk.
STEP_LINES = 16
# A chunk is shown in the largest of these numbers of lines that its share of the prompt allows.
SIZES = (CHUNK_LINES, CHUNK_LINES // 2, CHUNK_LINES // 4)
LEAST_LINES = 3
MOST_LINE_BYTES = 400
MOST_WAITING = 32
# Two chunks are nearly the same from this share of common lines on.
NEARLY_THE_SAME = 0.5


class Chunk(msgspec.Struct, frozen=True):
    """Some lines of a file, as they were when they were gathered.

    `serial` tells the chunks of a ring apart (0 before they are in it); a newer version of the same
    lines has the same. `texts` are all of the lines, then fewer and fewer of them around the one
    that they were gathered for. `lines` are the different ones that have words.
    """

    serial: int
    path: str
    texts: tuple[bytes, ...]
    lines: frozenset[bytes]


class Place(msgspec.Struct, frozen=True):
    """A line of a text, from 0, that is worth remembering."""

    path: str
    text: bytes
    line: int


class ChunkRing:
    """The chunks of a project. Not for several threads at once."""

    def __init__(self, most_chunks: int = MOST_CHUNKS) -> None:
        self._most_chunks = most_chunks
        self._chunks: tuple[Chunk, ...] = ()
        self._waiting: dict[tuple[str, int], Place] = {}
        self._serial = 0

    @property
    def in_use(self) -> tuple[Chunk, ...]:
        """The chunks to show, oldest first; the same until the next `refresh` changes them."""
        return self._chunks

    def gather(self, place: Place) -> None:
        """Remember a place until it is taken."""
        key = (place.path, place.line // STEP_LINES)
        self._waiting.pop(key, None)
        self._waiting[key] = place
        while len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def forget(self, path: str) -> None:
        """Drop the places of a file that are waiting."""
        for key in [key for key in self._waiting if key[0] == path]:
            del self._waiting[key]

    def take_waiting(self) -> tuple[Place, ...]:
        """Return the places that were gathered, oldest first, and forget them."""
        places, self._waiting = tuple(self._waiting.values()), {}
        return places

    def refresh(self, newest: Iterable[Chunk], is_kept: Callable[[str], bool]) -> bool:
        """Take in chunks, oldest first; return whether anything changed.

        `is_kept` judges the paths of the chunks that are there.
        """
        before = self._chunks
        chunks = [chunk for chunk in before if is_kept(chunk.path)]
        for chunk in newest:
            chunks = self._with(chunks, chunk)
        if len(chunks) > self._most_chunks:
            del chunks[: len(chunks) - self._most_chunks + DROPPED_AT_ONCE]
        self._chunks = tuple(chunks)
        return self._chunks != before

    def _with(self, chunks: list[Chunk], chunk: Chunk) -> list[Chunk]:
        """Put a chunk in the place of the first that is nearly the same, else at the end."""
        same = [known for known in chunks if _are_nearly_the_same(known, chunk)]
        if not same:
            self._serial += 1
            return [*chunks, msgspec.structs.replace(chunk, serial=self._serial)]
        if same[0].texts == chunk.texts and same[0].path == chunk.path:
            return chunks
        newer = msgspec.structs.replace(chunk, serial=same[0].serial)
        return [newer if known is same[0] else known for known in chunks if known not in same[1:]]


def chunk_around(place: Place) -> Chunk | None:
    """Return the lines around a place; None where there are too few with anything in them."""
    lines = place.text.split(b"\n")
    line = min(max(place.line, 0), len(lines) - 1)
    first = max(0, (line - CHUNK_LINES // 2 + STEP_LINES // 2) // STEP_LINES * STEP_LINES)
    last = min(len(lines), first + CHUNK_LINES)
    shown = [text.rstrip()[:MOST_LINE_BYTES] for text in lines[first:last]]
    while shown and not shown[-1]:
        shown.pop()
    different = frozenset(words for text in shown if len(words := text.strip()) > 1)
    if len(different) < LEAST_LINES:
        return None
    focus = line // STEP_LINES * STEP_LINES + STEP_LINES // 2 - first
    texts = tuple(_narrowed(shown, focus, most) for most in SIZES)
    return Chunk(0, place.path, texts, different)


def _narrowed(lines: list[bytes], focus: int, most: int) -> bytes:
    """Return at most so many lines, around the one in focus."""
    first = min(max(0, focus - most // 2), max(0, len(lines) - most))
    return b"\n".join(lines[first : first + most]) + b"\n"


def likeness(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """Return the share of common lines among all lines of both (Jaccard)."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def _are_nearly_the_same(one: Chunk, other: Chunk) -> bool:
    if one.path == other.path:
        smaller = min(len(one.lines), len(other.lines))
        return len(one.lines & other.lines) >= NEARLY_THE_SAME * smaller
    return likeness(one.lines, other.lines) >= NEARLY_THE_SAME
