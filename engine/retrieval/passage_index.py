"""Ranks passages by the words that they share with a question (BM25)."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from engine.retrieval.passages import Passage
from engine.retrieval.search_words import words_of

# The usual constants: how soon more of a word says no more, and how much length is held against.
_SATURATION = 1.2
_LENGTH_WEIGHT = 0.75
# A name that is defined in a passage, or is in its path, counts like so many uses.
_SYMBOL_WEIGHT = 4
_PATH_WEIGHT = 2
# Rebuilt where more than this share of the passages is of files that have changed or gone.
_MOST_DEAD = 0.5


class PassageIndex:
    """Passages by their words. Files are added and dropped one by one. For one thread."""

    def __init__(self) -> None:
        self._passages: list[Passage | None] = []
        self._lengths = array("I")
        self._total_length = 0
        # Of each word: a passage's number, then how often it is there, and so on.
        self._postings: dict[str, array[int]] = {}
        self._numbers: dict[str, range] = {}
        self._dead = 0

    def add(self, path: str, passages: Sequence[Passage], lines: Sequence[bytes]) -> None:
        """Take a file in instead of what is there of it."""
        self.drop(path)
        first = len(self._passages)
        in_path = Counter(words_of(path))
        for passage in passages:
            text = b"\n".join(lines[passage.first_line - 1 : passage.last_line])
            counts = Counter(words_of(text.decode("utf-8", "ignore")))
            length = counts.total()
            for word, count in Counter(words_of(" ".join(passage.symbols))).items():
                counts[word] += _SYMBOL_WEIGHT * count
            for word in in_path:
                counts[word] += _PATH_WEIGHT
            number = len(self._passages)
            for word, count in counts.items():
                self._postings.setdefault(word, array("I")).extend((number, count))
            self._passages.append(passage)
            self._lengths.append(length)
            self._total_length += length
        self._numbers[path] = range(first, len(self._passages))

    def drop(self, path: str) -> None:
        """Forget a file."""
        for number in self._numbers.pop(path, range(0)):
            self._passages[number] = None
            self._total_length -= self._lengths[number]
            self._dead += 1

    @property
    def is_worn(self) -> bool:
        """Whether so much has been dropped that it had better be built anew."""
        return self._dead > _MOST_DEAD * max(len(self._passages), 200)

    def ranked(self, question: str) -> list[tuple[float, Passage]]:
        """Return the passages that share a word with the question, the best one first."""
        alive = len(self._passages) - self._dead
        usual = self._total_length / alive if alive else 1.0
        scores: defaultdict[int, float] = defaultdict(float)
        for word, asked in Counter(words_of(question)).items():
            postings = self._postings.get(word, array("I"))
            there = [
                (number, count)
                for number, count in _pairs(postings)
                if self._passages[number] is not None
            ]
            rarity = math.log(1 + (alive - len(there) + 0.5) / (len(there) + 0.5))
            for number, count in there:
                length = self._lengths[number] / (usual or 1.0)
                held = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length)
                scores[number] += asked * rarity * count * (_SATURATION + 1) / (count + held)
        found = [
            (score, passage)
            for number, score in scores.items()
            if (passage := self._passages[number]) is not None
        ]
        return sorted(found, key=lambda each: (-each[0], each[1].path, each[1].first_line))


def _pairs(postings: array[int]) -> Iterable[tuple[int, int]]:
    return zip(postings[::2], postings[1::2], strict=True)
