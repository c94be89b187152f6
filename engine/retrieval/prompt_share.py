"""Chooses, among chunks and definitions, what fits the tokens that a prompt has for other files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from engine.retrieval.chunks import Chunk
from engine.retrieval.definitions import Snippet

# What a prompt's form adds to each file beside its path, in tokens.
TOKENS_PER_FILE = 6
# Definitions get this share at most; it is set aside even while there are none, or every chunk
# would move when the first one comes.
DEFINITIONS_SHARE = 0.35
# No chunk gets more than this share of what all of them have.
CHUNK_SHARE = 0.34
# When the chunks no longer fit, the oldest go until this share is used: then there is room for
# some more before the start of the prompt moves again.
REFILLED_SHARE = 0.75
MOST_COUNTS = 4096


class TokenCounts:
    """Remembers how many tokens texts have. Not for several threads at once."""

    def __init__(self) -> None:
        self._counts: dict[bytes, int] = {}

    def unknown(self, texts: Iterable[bytes]) -> list[bytes]:
        """Return the different texts whose count is not known."""
        return [text for text in dict.fromkeys(texts) if text not in self._counts]

    def learn(self, texts: Sequence[bytes], counts: Sequence[int]) -> None:
        """Remember counts; long unused ones may be forgotten."""
        if len(self._counts) + len(texts) > MOST_COUNTS:
            self._counts.clear()
        self._counts.update(zip(texts, counts, strict=True))

    def of(self, text: bytes) -> int:
        """Return a text's count; where it is not known, one that is rather too high."""
        known = self._counts.get(text)
        return known if known is not None else len(text) // 2 + 1


class ContextFile(msgspec.Struct, frozen=True):
    """A file, or a part of one, to be shown beside the edited one."""

    path: str
    content: bytes


class Share(msgspec.Struct, frozen=True):
    """What was chosen, and the serial of the oldest chunk in it (-1 for none)."""

    files: tuple[ContextFile, ...]
    first_serial: int


def texts_to_count(chunks: Sequence[Chunk], snippets: Sequence[Snippet]) -> list[bytes]:
    """Return every text whose size `choose` may ask for."""
    texts = [text for chunk in chunks for text in chunk.texts]
    texts += [snippet.text for snippet in snippets]
    texts += [_path_bytes(path) for path in _paths(chunks, snippets)]
    return texts


def choose(
    chunks: Sequence[Chunk],
    snippets: Sequence[Snippet],
    budget_tokens: int,
    counts: TokenCounts,
    first_serial: int = -1,
) -> Share:
    """Return the files to show within a budget: chunks oldest first, then definitions.

    As long as everything from the chunk `first_serial` on fits, that stays the first one.
    """
    for_definitions = int(budget_tokens * DEFINITIONS_SHARE)
    chosen, first = _chunks(chunks, budget_tokens - for_definitions, counts, first_serial)
    return Share((*chosen, *_definitions(snippets, for_definitions, counts)), first)


def _chunks(
    chunks: Sequence[Chunk], budget: int, counts: TokenCounts, first_serial: int
) -> tuple[list[ContextFile], int]:
    sized = [found for chunk in chunks if (found := _sized(chunk, budget, counts)) is not None]
    serials = [serial for serial, _, _ in sized]
    start = serials.index(first_serial) if first_serial in serials else 0
    if sum(size for _, _, size in sized[start:]) > budget:
        left = int(budget * REFILLED_SHARE)
        start = len(sized)
        while start > 0 and sized[start - 1][2] <= left:
            start -= 1
            left -= sized[start][2]
    files = [file for _, file, _ in sized[start:]]
    return files, sized[start][0] if files else -1


def _sized(chunk: Chunk, budget: int, counts: TokenCounts) -> tuple[int, ContextFile, int] | None:
    """Return a chunk as a file, in the largest size that its share allows, with its tokens."""
    most = int(budget * CHUNK_SHARE)
    around = TOKENS_PER_FILE + counts.of(_path_bytes(chunk.path))
    for text in chunk.texts:
        tokens = counts.of(text) + around
        if tokens <= most:
            return chunk.serial, ContextFile(chunk.path, text), tokens
    return None


def _definitions(
    snippets: Sequence[Snippet], budget: int, counts: TokenCounts
) -> list[ContextFile]:
    """Return the snippets that fit, those of a file together, files in the order of their first."""
    by_path: dict[str, list[bytes]] = {}
    for snippet in snippets:
        tokens = counts.of(snippet.text) + 1
        if snippet.path not in by_path:
            tokens += TOKENS_PER_FILE + counts.of(_path_bytes(snippet.path))
        if tokens <= budget:
            budget -= tokens
            by_path.setdefault(snippet.path, []).append(snippet.text)
    return [ContextFile(path, b"\n".join(texts) + b"\n") for path, texts in by_path.items()]


def _paths(chunks: Sequence[Chunk], snippets: Sequence[Snippet]) -> list[str]:
    return [chunk.path for chunk in chunks] + [snippet.path for snippet in snippets]


def _path_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")
