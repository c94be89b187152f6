"""Turns texts into tokens so that a text means the same wherever it stands in a prompt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from engine.inference.llama.bindings import bindings

# llama.cpp finds a token that the file calls a user's own in any text, also where control tokens
# are to be ordinary characters (`tokenizer_st_partition`). Those that look like marks could stand
# for something in a template; runs of blanks and the like are harmless, and wanted.
_MARK = re.compile(rb"<[^\s<>]+>|\[[^\s\[\]]+\]", re.DOTALL)
_LINE_END = b"\n"


class Tokenizer:
    """The vocabulary's own tokenizer. Safe from any thread."""

    def __init__(
        self, vocabulary: Any, user_defined: Iterable[bytes], text_of: Callable[[int], bytes]
    ) -> None:
        self._vocabulary = vocabulary
        marks = [re.escape(text) for text in user_defined if _MARK.fullmatch(text)]
        self._marks = re.compile(b"|".join(marks)) if marks else None
        self._lead = self._tokens(_LINE_END, special=False)
        self._adds_space = b"".join(map(text_of, self._lead)) == b" " + _LINE_END

    def tokenize(self, text: bytes, *, special: bool, opens: bool) -> list[int]:
        """Return the tokens of `text`; control tokens in it count only where `special`.

        Vocabularies of SentencePiece's kind put a space in front of a text, which only the one that
        `opens` a prompt may get: elsewhere it would stand in the middle of somebody's code.
        """
        if special or self._marks is None:
            return self._piece(text, special=special, opens=opens)
        tokens: list[int] = []
        begin = 0
        while (found := self._marks.search(text, begin)) is not None:
            # Cut behind its first character, a mark is none.
            end = found.start() + 1
            tokens += self._piece(text[begin:end], special=False, opens=opens and begin == 0)
            begin = end
        return tokens + self._piece(text[begin:], special=False, opens=opens and begin == 0)

    def _piece(self, text: bytes, *, special: bool, opens: bool) -> list[int]:
        if opens or not self._adds_space:
            return self._tokens(text, special=special)
        # There is no way to ask for no space. But it comes in front of anything, so a line end,
        # which no token joins with what follows, takes it upon itself.
        tokens = self._tokens(_LINE_END + text, special=special)
        if tokens[: len(self._lead)] == self._lead:
            return tokens[len(self._lead) :]
        # A control token at the text's beginning that takes blanks in front of it: no space there.
        return self._tokens(text, special=special)

    def _tokens(self, text: bytes, *, special: bool) -> list[int]:
        if not text:
            return []
        capacity = len(text) + 8
        while True:
            buffer = (bindings.llama_token * capacity)()
            count = bindings.llama_tokenize(
                self._vocabulary, text, len(text), buffer, capacity, False, special
            )
            if count >= 0:
                return list(buffer[:count])
            capacity = -count
