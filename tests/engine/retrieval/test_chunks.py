"""Chunks keep their order, take the place of nearly the same ones, and leave in groups."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.chunks import (
    CHUNK_LINES,
    DROPPED_AT_ONCE,
    MOST_CHUNKS,
    MOST_WAITING,
    Chunk,
    ChunkRing,
    Place,
    chunk_around,
    likeness,
)


def text_of(name: str, lines: int = 200) -> bytes:
    return b"".join(b"%s line %d\n" % (name.encode(), number) for number in range(lines))


def add(ring: ChunkRing, *places: Place) -> bool:
    newest = [chunk_around(place) for place in places]
    return ring.refresh([chunk for chunk in newest if chunk is not None], lambda path: True)


def test_a_chunk_is_the_lines_around_a_place() -> None:
    chunk = chunk_around(Place("a.py", text_of("a"), 100))
    assert chunk is not None
    full, half, quarter = (text.splitlines() for text in chunk.texts)
    assert (len(full), len(half), len(quarter)) == (CHUNK_LINES, 32, 16)
    assert all(b"a line 100" in lines for lines in (full, half, quarter))


def test_near_places_give_the_same_chunk() -> None:
    text = text_of("a")
    assert chunk_around(Place("a.py", text, 100)) != chunk_around(Place("a.py", text, 160))
    chunks = [chunk_around(Place("a.py", text, line)) for line in range(97, 103)]
    assert chunks == chunks[:1] * len(chunks)


def test_places_with_nothing_in_them_give_none() -> None:
    assert chunk_around(Place("a.py", b"", 0)) is None
    assert chunk_around(Place("a.py", b"\n\n  \n{\n}\nx = 1\n", 3)) is None


def test_order_is_that_of_gathering() -> None:
    ring = ChunkRing()
    for name in "abc":
        ring.gather(Place(name, text_of(name), 0))
    assert [chunk.path for chunk in ring.in_use] == []
    places = ring.take_waiting()
    assert [place.path for place in places] == ["a", "b", "c"]
    assert add(ring, *places)
    assert [chunk.path for chunk in ring.in_use] == ["a", "b", "c"]
    assert ring.take_waiting() == ()


def test_a_newer_version_takes_the_place_of_the_older() -> None:
    ring = ChunkRing()
    add(ring, *(Place(name, text_of(name), 0) for name in "abc"))
    before = ring.in_use
    assert not add(ring, Place("b", text_of("b"), 3))
    assert add(ring, Place("b", text_of("b").replace(b"line 5\n", b"line five\n"), 3))
    assert [chunk.path for chunk in ring.in_use] == ["a", "b", "c"]
    assert ring.in_use[1].serial == before[1].serial
    assert b"line five" in ring.in_use[1].texts[0]
    assert (ring.in_use[0], ring.in_use[2]) == (before[0], before[2])


def test_a_copy_of_a_file_is_nearly_the_same() -> None:
    ring = ChunkRing()
    add(ring, Place("a", text_of("x"), 0), Place("copy of a", text_of("x"), 0))
    assert [chunk.path for chunk in ring.in_use] == ["copy of a"]


def test_the_oldest_leave_several_at_once() -> None:
    ring = ChunkRing()
    names = [f"f{number}" for number in range(MOST_CHUNKS + 1)]
    add(ring, *(Place(name, text_of(name), 0) for name in names[:-1]))
    assert len(ring.in_use) == MOST_CHUNKS
    add(ring, Place(names[-1], text_of(names[-1]), 0))
    assert [chunk.path for chunk in ring.in_use] == names[DROPPED_AT_ONCE + 1 :]


def test_chunks_of_files_that_may_not_be_read_any_more_leave() -> None:
    ring = ChunkRing()
    add(ring, Place("a", text_of("a"), 0), Place("b", text_of("b"), 0))
    assert ring.refresh([], lambda path: path != "a")
    assert [chunk.path for chunk in ring.in_use] == ["b"]


def test_only_so_many_places_wait() -> None:
    ring = ChunkRing()
    for number in range(MOST_WAITING * 2):
        ring.gather(Place(f"f{number}", b"", 0))
    waiting = ring.take_waiting()
    assert len(waiting) == MOST_WAITING
    assert waiting[-1].path == f"f{MOST_WAITING * 2 - 1}"


LINES = st.frozensets(st.sampled_from([b"a", b"b", b"c", b"d"]))


@given(one=LINES, other=LINES)
def test_likeness_is_the_share_of_common_lines(
    one: frozenset[bytes], other: frozenset[bytes]
) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert (likeness(one, other) == 1) == (one == other and bool(one))
    assert (likeness(one, other) == 0) == (not one & other)


PLACES = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 300), st.integers(0, 9)), max_size=60
)


@given(places=PLACES)
def test_any_places_leave_different_chunks_within_bounds(
    places: list[tuple[str, int, int]],
) -> None:
    ring = ChunkRing()
    before: tuple[Chunk, ...] = ()
    for name, line, change in places:
        text = text_of(name, 320).replace(b"line %d\n" % change, b"changed\n")
        add(ring, Place(name, text, line))
        kept = [
            chunk.serial for chunk in ring.in_use if chunk.serial in {one.serial for one in before}
        ]
        assert kept == [one.serial for one in before if one.serial in kept]
        before = ring.in_use
    assert len(before) <= MOST_CHUNKS
    assert len({chunk.serial for chunk in before}) == len(before)
