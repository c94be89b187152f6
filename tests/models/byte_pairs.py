"""A small byte-pair vocabulary, learned from a few lines of code, in the form GGUF files have."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import cache

import msgspec

MERGES = 160
_WORD = re.compile(r" ?[A-Za-z]+| ?[^A-Za-z\s]+|\s+(?!\S)|\s+")
_TEXT = '''\
def total(self, values: list[int]) -> int:
    """Return the sum of the values."""
    result = 0
    for value in values:
        if value is not None:
            result += value
    return result

class Counter:
    def __init__(self, other):
        self.count = other.count
        self.name = "counter"
        self.other = other

    def value(self):
        while self.count > 0:
            self.count -= 1
            print(self.count, self.name)
        return self.total(self.values)
'''


class BytePairs(msgspec.Struct, frozen=True):
    """Tokens in their written form (one printable character for each byte) and their merges."""

    tokens: tuple[str, ...]
    merges: tuple[str, ...]


@cache
def written_bytes() -> dict[int, str]:
    """Return the character that stands for each byte in vocabularies of this kind (GPT-2's)."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    shown = {byte: chr(byte) for byte in plain}
    return shown | {byte: chr(256 + place) for place, byte in enumerate(others)}


@cache
def learned_byte_pairs() -> BytePairs:
    """Return a vocabulary of all bytes and some frequent pairs; the same at every call."""
    shown = written_bytes()
    words = Counter(
        tuple(shown[byte] for byte in match.group().encode()) for match in _WORD.finditer(_TEXT)
    )
    tokens = list(shown.values())
    merges: list[str] = []
    for _ in range(MERGES):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, count in words.items():
            for pair in itertools.pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        left, right = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(f"{left} {right}")
        tokens.append(left + right)
        words = Counter({_merged(word, left, right): count for word, count in words.items()})
    return BytePairs(tuple(dict.fromkeys(tokens)), tuple(merges))


def _merged(word: tuple[str, ...], left: str, right: str) -> tuple[str, ...]:
    result: list[str] = []
    for piece in word:
        if result and result[-1] == left and piece == right:
            result[-1] = left + right
        else:
            result.append(piece)
    return tuple(result)
