"""What is shown fits the budget, and its start stays while it can."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.retrieval.chunks import Chunk
from engine.retrieval.definitions import Snippet
from engine.retrieval.prompt_share import ContextFile, TokenCounts, choose, texts_to_count


def counted(chunks: list[Chunk], snippets: list[Snippet]) -> TokenCounts:
    counts = TokenCounts()
    texts = counts.unknown(texts_to_count(chunks, snippets))
    counts.learn(texts, [len(text) for text in texts])
    return counts


def chunk(serial: int, size: int) -> Chunk:
    texts = (b"x" * size, b"x" * (size // 2), b"x" * (size // 4))
    return Chunk(serial, f"f{serial}", texts, frozenset())


def serials(files: tuple[ContextFile, ...]) -> list[int]:
    return [int(file.path[1:]) for file in files if file.path.startswith("f")]


def test_the_start_stays_until_it_must_move_and_then_moves_far() -> None:
    chunks = [chunk(serial, 100) for serial in range(30)]
    counts = counted(chunks, [])
    first, starts = -1, []
    for count in range(1, 31):
        share = choose(chunks[:count], [], 1000, counts, first)
        first = share.first_serial
        starts.append(first)
        assert serials(share.files) == list(range(first, count))
    moves = sum(one != other for one, other in pairwise(starts))
    assert starts[-1] > 20
    assert moves <= len(chunks) // 2


def test_a_chunk_too_large_for_its_share_is_shown_in_part() -> None:
    large = chunk(1, 800)
    (file,) = choose([large], [], 2000, counted([large], [])).files
    assert len(file.content) == 400


def test_definitions_of_a_file_come_together_behind_the_chunks() -> None:
    snippets = [
        Snippet("b", b"p", b"p" * 10),
        Snippet("a", b"q", b"q" * 10),
        Snippet("b", b"r", b"r"),
    ]
    chunks = [chunk(1, 50)]
    files = choose(chunks, snippets, 1000, counted(chunks, snippets)).files
    assert [file.path for file in files] == ["f1", "b", "a"]
    assert files[1].content == b"p" * 10 + b"\nr\n"


def test_texts_that_were_not_counted_are_taken_for_larger() -> None:
    assert TokenCounts().of(b"x" * 100) == 51


@given(
    sizes=st.lists(st.integers(0, 900), max_size=16),
    snippets=st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=300)), max_size=12),
    budget=st.integers(0, 1500),
    first=st.integers(-1, 20),
)
def test_any_choice_fits(
    sizes: list[int], snippets: list[tuple[str, bytes]], budget: int, first: int
) -> None:
    chunks = [chunk(serial, size) for serial, size in enumerate(sizes)]
    shown = [Snippet(path, b"", text) for path, text in snippets]
    files = choose(chunks, shown, budget, counted(chunks, shown), first).files
    assert sum(len(file.content) + len(file.path) for file in files) <= budget
    assert serials(files) == sorted(serials(files))
