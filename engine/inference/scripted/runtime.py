"""The runtime that answers from a script, at a stated speed, with a real cache discipline."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path

from engine.errors import ModelLoadFailed
from engine.inference.language_model import ModelFacts, Sampling
from engine.inference.messages import RuntimeSettings
from engine.inference.runtime import DecodeOutcome, Sampler, Slice
from engine.inference.scripted.script import Answer, Script, read_script

# Words with the blanks before them, line ends and single signs: about as long as a real model's.
_TOKEN = re.compile(rb"[ \t]*[A-Za-z0-9_]{1,8}|\r?\n|[ \t]+|.", re.DOTALL)

_STATE_BYTES_PER_TOKEN = 64
_LIKELY = -0.05
_UNLIKELY = -8.0


class Vocabulary:
    """Tokens made up as they are met; control tokens come first."""

    def __init__(self, control_tokens: Sequence[str]) -> None:
        self.control = {text: number for number, text in enumerate(control_tokens)}
        self._texts = [text.encode() for text in control_tokens]
        self._numbers = {text: number for number, text in enumerate(self._texts)}
        self._special = re.compile(b"(" + b"|".join(re.escape(text) for text in self._texts) + b")")
        self._lock = threading.Lock()

    def tokenize(self, text: bytes, *, special: bool) -> list[int]:
        """Return the tokens of `text`."""
        if not special or not self.control:
            return self._plain(text)
        tokens: list[int] = []
        for part in self._special.split(text):
            number = self.control.get(part.decode("utf-8", "replace"))
            tokens.extend([number] if number is not None else self._plain(part))
        return tokens

    def text(self, token: int) -> bytes:
        """Return a token's bytes; empty for control tokens."""
        return b"" if token < len(self.control) else self._texts[token]

    def whole_text(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, control tokens included."""
        return b"".join(self._texts[token] for token in tokens).decode("utf-8", "replace")

    def _plain(self, text: bytes) -> list[int]:
        with self._lock:
            return [self._number(match.group()) for match in _TOKEN.finditer(text)]

    def _number(self, text: bytes) -> int:
        number = self._numbers.get(text)
        if number is None or number < len(self.control):
            number = len(self._texts)
            self._texts.append(text)
            self._numbers[text] = number
        return number


class ScriptedSampler:
    """Hands out an answer's tokens one after the other.

    The answer is chosen once the whole prompt is known: its end may have to be chosen anew first.
    """

    def __init__(self, script: Script, vocabulary: Vocabulary, prompt: Sequence[int]) -> None:
        self._script = script
        self._vocabulary = vocabulary
        self._prompt = list(prompt)
        self._answer: Answer | None = None
        self._tokens: list[int] = []
        self._position = 0

    def next(self, output: int, begins_with: bytes) -> tuple[int, float]:
        """Return the next token of the script."""
        del output
        if begins_with:
            token = self._vocabulary.tokenize(begins_with, special=False)[0]
            self._prompt.append(token)
            return token, -0.05
        answer = self._answer or self._choose()
        if self._position == answer.dies_after:
            os._exit(70)
        if self._position == answer.hangs_after:
            threading.Event().wait()
        self._position += 1
        if self._position > len(self._tokens):
            return self._vocabulary.control[self._script.end_token], 0.0
        return self._tokens[self._position - 1], -0.05

    def close(self) -> None:
        """Nothing is held."""

    def _choose(self) -> Answer:
        answer = self._script.answer_to(self._vocabulary.whole_text(self._prompt))
        text = (answer.text * answer.repeat).encode()
        self._tokens = self._vocabulary.tokenize(text, special=True)
        self._answer = answer
        return answer


class ScriptedRuntime:
    """A model from a script. `decode` takes as long as the script's speed says."""

    def __init__(self, path: Path, settings: RuntimeSettings) -> None:
        self._script: Script = read_script(path)
        if self._script.rejects:
            raise ModelLoadFailed(f"{path.name} could not be loaded: {self._script.rejects}")
        self._vocabulary = Vocabulary(self._script.control_tokens)
        self._abort = threading.Event()
        self.cell_count = settings.context_tokens
        self.sequence_count = 2 * settings.parallel_requests
        self.batch_size = 256
        self.most_outputs = 32
        self.can_truncate = True
        self._lengths = [0] * self.sequence_count
        self.facts = ModelFacts(
            name=self._script.name,
            architecture=self._script.architecture,
            context_length=min(self._script.context_length, self.cell_count),
            trained_context_length=self._script.context_length,
            vocabulary_size=1 << 20,
            parameters=0,
            chat_template=self._script.chat_template,
            control_tokens=self._vocabulary.control,
            description="A model that answers from a script",
        )

    def tokenize(self, text: bytes, *, special: bool, opens: bool = True) -> list[int]:
        """Return the tokens of `text`."""
        del opens
        return self._vocabulary.tokenize(text, special=special)

    def token_text(self, token: int) -> bytes:
        """Return a token's bytes."""
        return self._vocabulary.text(token)

    def is_end(self, token: int) -> bool:
        """Whether the token ends an answer."""
        return token == self._vocabulary.control.get(self._script.end_token)

    def opening_tokens(self) -> list[int]:
        """No token opens a scripted prompt."""
        return []

    def decode(self, slices: Sequence[Slice]) -> DecodeOutcome:
        """Take the time that the slices cost; end early when asked to."""
        held = sum(self._lengths) + sum(len(piece.tokens) for piece in slices)
        if held > self.cell_count:
            return DecodeOutcome.NO_ROOM
        if self._abort.wait(self._seconds(slices)):
            return DecodeOutcome.ABORTED
        for piece in slices:
            if self._lengths[piece.sequence] != piece.start:
                raise RuntimeError("positions of a sequence must follow one another")
            self._lengths[piece.sequence] += len(piece.tokens)
        return DecodeOutcome.DONE

    def length_of(self, sequence: int) -> int:
        """Return how many tokens of a sequence are in the cache."""
        return self._lengths[sequence]

    def truncate(self, sequence: int, length: int) -> bool:
        """Forget a sequence's tokens from `length` on."""
        self._lengths[sequence] = min(length, self._lengths[sequence])
        return True

    def copy(self, source: int, target: int, length: int) -> bool:
        """Share the first `length` tokens of `source` with `target`."""
        self._lengths[target] = min(length, self._lengths[source])
        return True

    def take_state(self, sequence: int) -> bytes:
        """Return how much is held of a sequence, in as many bytes as a small model would need."""
        length = self._lengths[sequence]
        return length.to_bytes(_STATE_BYTES_PER_TOKEN, "big") * length

    def put_state(self, sequence: int, state: bytes) -> bool:
        """Fill an empty sequence with what `take_state` returned."""
        length = int.from_bytes(state[:_STATE_BYTES_PER_TOKEN], "big")
        if len(state) != length * _STATE_BYTES_PER_TOKEN:
            return False
        if sum(self._lengths) + length > self.cell_count:
            return False
        self._lengths[sequence] = length
        return True

    def request_abort(self, wanted: bool) -> None:
        """Ask a running decode to end, or take that wish back."""
        if wanted:
            self._abort.set()
        else:
            self._abort.clear()

    def start_sampling(
        self, sampling: Sampling, prompt: Sequence[int], *, wants_probability: bool
    ) -> Sampler:
        """Return the answer that the script has for `prompt`."""
        del sampling, wants_probability
        return ScriptedSampler(self._script, self._vocabulary, prompt)

    def log_probability(self, output: int, token: int) -> float:
        """Return what the script thinks of a token, wherever it stands."""
        del output
        text = self._vocabulary.text(token).decode("utf-8", "replace").strip()
        return _UNLIKELY if text in self._script.unlikely else _LIKELY

    def close(self) -> None:
        """Nothing is held."""

    def _seconds(self, slices: Sequence[Slice]) -> float:
        seconds = 0.0
        if any(len(piece.tokens) == 1 for piece in slices):
            seconds += 1.0 / self._script.decode_tokens_per_second
        read = sum(len(piece.tokens) for piece in slices if len(piece.tokens) > 1)
        return seconds + read / self._script.prefill_tokens_per_second
