"""Finds a vocabulary's tokens by how their text begins."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


class SortedTexts:
    """Many short texts in one block of bytes: as a list of objects they take six times the room."""

    def __init__(self, texts: list[bytes]) -> None:
        self._joined = b"".join(texts)
        self._bounds = np.zeros(len(texts) + 1, np.int32)
        np.cumsum([len(text) for text in texts], out=self._bounds[1:])

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, place: int) -> bytes:
        return self._joined[self._bounds[place] : self._bounds[place + 1]]


class VocabularyIndex:
    """The tokens sorted by text; made at the first question, which takes some tenths of a second.

    `read_texts` returns all tokens' texts. Control tokens, which have none, are never found.
    """

    def __init__(self, size: int, read_texts: Callable[[], list[bytes]]) -> None:
        self.size = size
        self._read_texts = read_texts
        self._lock = threading.Lock()
        self._texts = SortedTexts([])
        self._tokens: NDArray[np.int32] = np.empty(0, np.int32)

    def prepare(self) -> None:
        """Make the index now, so that the first question is quick. Safe from any thread."""
        with self._lock:
            if len(self._texts):
                return
            texts = self._read_texts()
            order = [token for token, text in enumerate(texts) if text]
            order.sort(key=texts.__getitem__)
            self._tokens = np.array(order, np.int32)
            self._texts = SortedTexts([texts[token] for token in order])

    def agreeing_with(self, text: bytes) -> NDArray[np.int32]:
        """Return the tokens whose text begins with `text` or is a beginning of it; never none.

        Raises ValueError for a vocabulary that cannot spell `text`.
        """
        self.prepare()
        begin = bisect_left(self._texts, text)
        end = bisect_left(self._texts, _after_all_that_begin_with(text), begin)
        shorter = [
            place for length in range(1, len(text)) for place in self._places_of(text[:length])
        ]
        found = np.concatenate([self._tokens[shorter], self._tokens[begin:end]])
        if not found.size:
            raise ValueError(f"no token begins like {text!r}")
        return found

    def _places_of(self, text: bytes) -> range:
        begin = end = bisect_left(self._texts, text)
        while end < len(self._texts) and self._texts[end] == text:
            end += 1
        return range(begin, end)


def _after_all_that_begin_with(text: bytes) -> bytes:
    """Return the smallest bytes that sort behind everything that begins with `text`."""
    stem = text.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else b"\xff" * 64
