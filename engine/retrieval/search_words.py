"""Takes texts apart into the words that a search goes by, code and prose alike."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import msgspec

_PIECE = re.compile(
    r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[\u3400-\u9fff]+|[^\W\d_a-zA-Z]+"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 40
_SHORTEST_STEM = 4


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    empty: frozenset[str]
    endings: tuple[str, ...]


def words_of(text: str) -> Iterator[str]:
    """Yield the words in their order: names in their parts, Chinese in pairs of characters."""
    empty = _words().empty
    for match in _PIECE.finditer(text):
        piece = match.group()
        if _CHINESE.match(piece):
            yield from (piece[at : at + 2] for at in range(max(len(piece) - 1, 1)))
        elif len(piece) <= _LONGEST:
            word = piece.lower()
            if len(word) > 1 and word not in empty:
                yield stem_of(word)


@functools.lru_cache(50_000)
def stem_of(word: str) -> str:
    """Return a word without its ending, so that `parsing`, `parsed` and `parse` are the same."""
    for ending in _words().endings:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM - (ending == "s"):
            return word[: -len(ending)]
    return word


@functools.cache
def _words() -> _Words:
    text = (files(__package__) / "search_words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Words)
