"""Measures how long the model's cores go on computing after a client cancels."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from tests.bench.engine.answers import (
    LONG_QUESTION,
    ask,
    code_of,
    read_texts,
    wait_until_accepted,
)
from tests.bench.engine.bench_home import BenchHome, RunningEngine
from tests.bench.engine.figures import BenchFailure, Effort, Limit, Row, row
from tests.bench.engine.process_clock import processor_ns, seconds_until_idle

_ROUNDS = 40
_PREFILL_TOKENS = 1500
_LIMITS = (Limit(20.0), Limit(200.0, "worst"))
# A worker that took less of the processor than this before the cancel had nothing to interrupt.
_LEAST_BUSY_SHARE = 0.3


def measure_cancelling(home: BenchHome, effort: Effort) -> list[Row]:
    """Cancel at random moments: while an answer is generated, and while a prompt is read."""
    numbers = random.Random(1)  # noqa: S311 - no secret
    rounds = effort.rounds(_ROUNDS)
    with home.engine() as engine:
        decode = [_cancel_answer(engine, numbers) for _ in range(rounds)]
        prefill = [_cancel_prompt(engine, numbers, number) for number in range(rounds)]
    lengths = [length for _, length in prefill]
    return [
        row("cancel-decode", "cancel → cores idle, while answering", "ms", decode, *_LIMITS),
        row(
            "cancel-prefill",
            "cancel → cores idle, while reading a prompt",
            "ms",
            [milliseconds for milliseconds, _ in prefill],
            *_LIMITS,
            note=f"prompts of {min(lengths)} to {max(lengths)} tokens",
        ),
    ]


def _cancel_answer(engine: RunningEngine, numbers: random.Random) -> float:
    with ask(engine.client, LONG_QUESTION, 400) as stream:
        wait_until_accepted(stream)
        read_texts(stream, 5)
        return _idle_after(engine.model.pid, stream.cancel, numbers.uniform(0.02, 0.12))


def _cancel_prompt(engine: RunningEngine, numbers: random.Random, number: int) -> tuple[float, int]:
    # A prompt of its own each time: the cache must have nothing of it.
    code = code_of(_PREFILL_TOKENS, number)
    with ask(engine.client, "What does this do?", 100, code) as stream:
        length = wait_until_accepted(stream)
        # Even a fast machine reads for more than half a second.
        idle_after = _idle_after(engine.model.pid, stream.cancel, numbers.uniform(0.1, 0.5))
    return idle_after, length


def _idle_after(pid: int, cancel: Callable[[], object], delay_seconds: float) -> float:
    """Let the worker compute for a while, cancel, and return the milliseconds until it is idle."""
    begun, taken = time.perf_counter(), processor_ns(pid)
    time.sleep(delay_seconds)
    share = (processor_ns(pid) - taken) / 1e9 / (time.perf_counter() - begun)
    if share < _LEAST_BUSY_SHARE:
        raise BenchFailure(f"the worker took only {share:.0%} of a core before the cancel")
    cancelled_at = time.perf_counter()
    cancel()
    return 1000 * seconds_until_idle(pid, cancelled_at)
