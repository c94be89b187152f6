"""The seam between the scheduler and what computes: llama.cpp, or a script in tests."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

import msgspec

from engine.inference.language_model import ModelFacts, Sampling


class Slice(msgspec.Struct, frozen=True):
    """Consecutive tokens of one sequence in a batch.

    `wants_output` asks for the distribution after the last of them. The last `drafted` of them are
    guesses: the distribution in front of each is wanted too.
    """

    sequence: int
    start: int
    tokens: Sequence[int]
    wants_output: bool
    drafted: int = 0

    @property
    def output_count(self) -> int:
        """How many distributions are wanted; they are those after the last so many tokens."""
        return self.drafted + 1 if self.wants_output else 0


class DecodeOutcome(Enum):
    """How a decode ended. After anything but DONE some leading slices may be in the cache."""

    DONE = "done"
    ABORTED = "aborted"
    NO_ROOM = "no_room"


class Sampler(Protocol):
    """Chooses the tokens of one answer."""

    def next(self, output: int, begins_with: bytes) -> tuple[int, float]:
        """Return the token after output number `output` of the last decode and its log-probability.

        The log-probability is in nats and belongs to the unmodified distribution; it is 0.0 where
        it was not asked for. Where `begins_with` is not empty only tokens are chosen whose text
        begins with it or is a beginning of it.
        """

    def close(self) -> None:
        """Free what the sampler holds."""


class Runtime(Protocol):
    """A loaded model with a KV cache of several sequences. One thread owns it.

    Only `request_abort`, `tokenize` and `token_text` may be called from other threads.
    """

    @property
    def facts(self) -> ModelFacts:
        """What the model says of itself."""

    @property
    def sequence_count(self) -> int:
        """How many sequences the cache holds."""

    @property
    def cell_count(self) -> int:
        """How many tokens the cache holds, all sequences together."""

    @property
    def batch_size(self) -> int:
        """The most tokens of one decode."""

    @property
    def most_outputs(self) -> int:
        """The most distributions of one decode."""

    @property
    def can_truncate(self) -> bool:
        """Whether a sequence's last tokens can be forgotten alone."""

    def tokenize(self, text: bytes, *, special: bool, opens: bool = True) -> list[int]:
        """Return the tokens of `text`; control tokens in it count only where `special`.

        `opens` says that a prompt begins with it: some vocabularies put a space in front there.
        """

    def token_text(self, token: int) -> bytes:
        """Return the bytes that a token stands for; empty for control tokens."""

    def is_end(self, token: int) -> bool:
        """Whether the model ends its answer with this token."""

    def opening_tokens(self) -> list[int]:
        """Return the tokens that every prompt of this model begins with (BOS), mostly none."""

    def decode(self, slices: Sequence[Slice]) -> DecodeOutcome:
        """Read the slices into the cache. Outputs are numbered through all slices, in order.

        Raises RuntimeError when the computation failed for good.
        """

    def length_of(self, sequence: int) -> int:
        """Return the number of tokens that the cache holds of a sequence."""

    def truncate(self, sequence: int, length: int) -> bool:
        """Forget a sequence's tokens from `length` on; False when the model cannot do that."""

    def copy(self, source: int, target: int, length: int) -> bool:
        """Let the empty sequence `target` share the first `length` tokens of `source`.

        Returns False, and does nothing, when the model can share a sequence only as a whole.
        """

    def take_state(self, sequence: int) -> bytes:
        """Return what the cache holds of a sequence, for `put_state`; empty where that fails."""

    def put_state(self, sequence: int, state: bytes) -> bool:
        """Fill the empty `sequence` with what `take_state` returned.

        False, and the sequence is empty, when there is no room for it or it does not fit the model.
        """

    def request_abort(self, wanted: bool) -> None:
        """Ask a running decode to end as soon as it can, or take that wish back."""

    def start_sampling(
        self, sampling: Sampling, prompt: Sequence[int], *, wants_probability: bool
    ) -> Sampler:
        """Return a sampler for an answer to `prompt`."""

    def log_probability(self, output: int, token: int) -> float:
        """Return how likely a token is after output number `output` of the last decode, in nats."""

    def close(self) -> None:
        """Free the model."""
