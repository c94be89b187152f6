"""A runtime without a model that keeps a ledger of what each sequence really contains.

The next token is a function of the whole content of the sequence that is asked for, so that a
scheduler which mixes up its cache in any way gives other answers than `answer_to` does. Cells that
sequences share are counted once, as in llama.cpp's unified cache.
"""

from __future__ import annotations

import zlib
from array import array
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from engine.inference.language_model import ModelFacts, Sampling
from engine.inference.runtime import DecodeOutcome, Slice

END = 1000
# One token in about this many ends the answer.
_USUAL_LENGTH = 12

Cell = tuple[int, int]


def next_token(content: Sequence[int]) -> int:
    """Return the token that follows a content: a letter, or the end."""
    number = zlib.crc32(array("i", content).tobytes())
    return END if number % _USUAL_LENGTH == 0 else ord("a") + number % 26


def copying_token(content: Sequence[int]) -> int:
    """Return the token that follows where texts repeat themselves, but not always."""
    number = zlib.crc32(array("i", content).tobytes())
    if number % 64 == 0:
        return END
    if number % 8 == 0:
        return ord("a") + number // 8 % 26
    return ord("a") + (content[-1] * 5 + sum(content[-2:])) % 7


def answer_to(
    prompt: Sequence[int], most: int, following: Callable[[Sequence[int]], int] = next_token
) -> bytes:
    """Return the answer that a prompt must get when nothing ends it early."""
    content = list(prompt)
    while len(content) - len(prompt) < most and (token := following(content)) != END:
        content.append(token)
    return bytes(content[len(prompt) :])


def likelihood(content: Sequence[int], token: int) -> float:
    """Return how likely a token is behind a content."""
    return -(zlib.crc32(array("i", [*content, token]).tobytes()) % 1000) / 100


class LedgerSampler:
    """Chooses by the content behind an output, or the next token of a given answer."""

    def __init__(self, runtime: LedgerRuntime, prompt: tuple[int, ...]) -> None:
        self._runtime = runtime
        self._prompt = prompt
        self.is_closed = False

    def next(self, output: int, begins_with: bytes) -> tuple[int, float]:
        content = self._runtime.outputs[output]
        answer = self._runtime.answers.get(bytes(self._prompt))
        assert content[: len(self._prompt)] == self._prompt
        self._runtime.begins.append(begins_with)
        if answer is None:
            return self._runtime.following(content), -0.5
        place = len(content) - len(self._prompt)
        return (answer[place] if place < len(answer) else END), -0.5

    def close(self) -> None:
        assert not self.is_closed
        self.is_closed = True


class LedgerRuntime:
    """Tokens 0 to 255 are bytes, others have the texts given. `outcomes` come before DONE."""

    def __init__(
        self,
        *,
        cells: int = 256,
        sequences: int = 8,
        batch_size: int = 16,
        context_length: int = 128,
        answers: Mapping[bytes, Sequence[int]] | None = None,
        texts: Mapping[int, bytes] | None = None,
        can_truncate: bool = True,
        following: Callable[[Sequence[int]], int] = next_token,
    ) -> None:
        self.facts = ModelFacts("ledger", "none", context_length, context_length, 256, 0)
        self.sequence_count = sequences
        self.cell_count = cells
        self.batch_size = batch_size
        self.most_outputs = 6
        self.can_truncate = can_truncate
        self.answers = answers or {}
        self.following = following
        self.outcomes: deque[tuple[DecodeOutcome, int]] = deque()
        self.outputs: list[tuple[int, ...]] = []
        self.batches: list[list[tuple[int, int]]] = []
        self.tokens_read = 0
        self.states_put = 0
        self.refuses_states = False
        self.begins: list[bytes] = []
        self.samplers: list[LedgerSampler] = []
        self._texts = texts or {}
        self._held: list[list[tuple[int, Cell]]] = [[] for _ in range(sequences)]

    def content_of(self, sequence: int) -> tuple[int, ...]:
        return tuple(token for token, _ in self._held[sequence])

    @property
    def cells_in_use(self) -> int:
        return len({cell for held in self._held for _, cell in held})

    def tokenize(self, text: bytes, *, special: bool, opens: bool = True) -> list[int]:
        return list(text)

    def token_text(self, token: int) -> bytes:
        return self._texts[token] if token in self._texts else bytes([token])

    def is_end(self, token: int) -> bool:
        return token == END

    def opening_tokens(self) -> list[int]:
        return []

    def decode(self, slices: Sequence[Slice]) -> DecodeOutcome:
        total = sum(len(piece.tokens) for piece in slices)
        assert 0 < total <= self.batch_size
        assert len({piece.sequence for piece in slices}) == len(slices)
        assert sum(piece.output_count for piece in slices) <= self.most_outputs
        if self.cells_in_use + total > self.cell_count:
            return DecodeOutcome.NO_ROOM
        outcome, kept = self.outcomes.popleft() if self.outcomes else (DecodeOutcome.DONE, total)
        self.outputs = []
        for piece in slices:
            held = self._held[piece.sequence]
            assert len(held) == piece.start, "positions must follow one another"
            for token in piece.tokens[: max(kept, 0)]:
                held.append((token, (piece.sequence, self.tokens_read)))
                self.tokens_read += 1
            kept -= len(piece.tokens)
            content = self.content_of(piece.sequence)
            for fewer in reversed(range(piece.output_count)):
                self.outputs.append(content[: len(content) - fewer])
        if outcome is DecodeOutcome.DONE:
            self.batches.append([(piece.sequence, len(piece.tokens)) for piece in slices])
        return outcome

    def length_of(self, sequence: int) -> int:
        return len(self._held[sequence])

    def truncate(self, sequence: int, length: int) -> bool:
        if not self.can_truncate and 0 < length < len(self._held[sequence]):
            return False
        del self._held[sequence][length:]
        return True

    def copy(self, source: int, target: int, length: int) -> bool:
        assert not self._held[target], "only an empty sequence can share"
        assert 0 < length <= len(self._held[source])
        if not self.can_truncate and length < len(self._held[source]):
            return False
        self._held[target] = self._held[source][:length]
        return True

    def take_state(self, sequence: int) -> bytes:
        return array("i", self.content_of(sequence)).tobytes()

    def put_state(self, sequence: int, state: bytes) -> bool:
        assert not self._held[sequence], "only an empty sequence can be filled"
        tokens = array("i", state)
        if self.cells_in_use + len(tokens) > self.cell_count or self.refuses_states:
            return False
        for token in tokens:
            self.states_put += 1
            self._held[sequence].append((token, (-1 - sequence, self.states_put)))
        return True

    def request_abort(self, wanted: bool) -> None:
        raise NotImplementedError

    def start_sampling(
        self, sampling: Sampling, prompt: Sequence[int], *, wants_probability: bool
    ) -> LedgerSampler:
        self.samplers.append(LedgerSampler(self, tuple(prompt)))
        return self.samplers[-1]

    def log_probability(self, output: int, token: int) -> float:
        return likelihood(self.outputs[output], token)

    def close(self) -> None:
        """Nothing is held."""
