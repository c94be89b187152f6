"""Measuring a runtime: prefill, decode, the cost of small batches, the best number of threads."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Protocol

import msgspec

from engine.inference.language_model import Speed
from engine.inference.runtime import DecodeOutcome, Runtime, Slice

_WARM_UP_TOKENS = 16
_PREFILL_TOKENS = 192
_BATCH_SIZES = (1, 2, 4, 8, 16)
_ROUNDS = 3
# On a machine so slow that this much prefill takes longer, less is measured.
_PATIENCE_SECONDS = 4.0


class ThreadsRuntime(Runtime, Protocol):
    """A runtime whose number of threads can be set."""

    def set_threads(self, threads: int) -> None:
        """Compute with that many threads from now on."""


class _Reader:
    """Feeds a runtime tokens of no meaning and takes the time."""

    def __init__(self, runtime: ThreadsRuntime) -> None:
        self._runtime = runtime
        # Any tokens do: the cost does not depend on them.
        text = b"def value(self, other):\n    return self.total + other.count\n" * 40
        self._tokens: Sequence[int] = runtime.tokenize(text, special=False)[:512]
        self._position = 0

    def seconds(self, count: int) -> float:
        """Return how long reading `count` tokens takes."""
        if self._position + count > len(self._tokens):
            self._runtime.truncate(0, 0)
            self._position = 0
        piece = Slice(
            0, self._position, self._tokens[self._position : self._position + count], True
        )
        begun = time.perf_counter()
        outcome = self._runtime.decode([piece])
        took = time.perf_counter() - begun
        if outcome is not DecodeOutcome.DONE:
            raise RuntimeError(f"the probe's decode ended as {outcome.value}")
        self._position += count
        return took


class Measured(msgspec.Struct, frozen=True):
    """One number of threads and its speed."""

    threads: int
    prefill: float
    decode: float

    @property
    def worth(self) -> float:
        """Decode and prefill both count; neither may be bought with the other."""
        return self.prefill * self.decode


def measure(runtime: ThreadsRuntime, thread_counts: Sequence[int]) -> Speed:
    """Return the speed with the best of `thread_counts`. Raises RuntimeError."""
    reader = _Reader(runtime)
    tried = [_measure_threads(runtime, reader, threads) for threads in thread_counts]
    best = max(tried, key=lambda each: each.worth)
    runtime.set_threads(best.threads)
    curve = {
        size: 1000 * statistics.median(reader.seconds(size) for _ in range(_ROUNDS))
        for size in _BATCH_SIZES
    }
    return Speed(
        prefill_tokens_per_second=best.prefill,
        decode_tokens_per_second=1000 / curve[1],
        batch_milliseconds=curve,
        threads=best.threads,
    )


def _measure_threads(runtime: ThreadsRuntime, reader: _Reader, threads: int) -> Measured:
    runtime.set_threads(threads)
    warm_up = reader.seconds(_WARM_UP_TOKENS)
    expected = warm_up / _WARM_UP_TOKENS * _PREFILL_TOKENS
    count = _PREFILL_TOKENS if expected < _PATIENCE_SECONDS else _WARM_UP_TOKENS
    prefill = count / reader.seconds(count)
    decode = 1 / statistics.median(reader.seconds(1) for _ in range(_ROUNDS))
    return Measured(threads, prefill, decode)
