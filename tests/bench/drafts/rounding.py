"""How far the size of a decode moves the model's choice: quantized weights round differently.

llama.cpp multiplies a batch in another order than a single token. So the distribution that a draft
is verified by is not bit for bit the one that would have come without it, and where the two best
tokens are nearly equal the other one may win.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.runtime import DecodeOutcome, Slice

_NEAR = (0.05, 0.1, 0.2, 0.5)
_SEQUENCE = 0


class Rounding(msgspec.Struct, frozen=True):
    """One size of decode against single tokens, over the same texts.

    `flips` counts other choices; `largest_flip` is the greatest lead, in logits, that one token had
    when another won; `shifts` are the median and the largest change of the lead.
    """

    size: int
    tokens: int
    flips: int
    largest_flip: float
    shifts: tuple[float, float]


class Leads(msgspec.Struct, frozen=True):
    """How many tokens led by less than each of some logits."""

    tokens: int
    below: dict[float, int]


def compare(
    runtime: LlamaRuntime, texts: Sequence[tuple[list[int], list[int]]], sizes: Sequence[int]
) -> tuple[Leads, list[Rounding]]:
    """Read prompts, then their answers in pieces of each size, and compare the choices."""
    single = [_choices(runtime, prompt, answer, 1) for prompt, answer in texts]
    leads = np.concatenate([lead for _, lead, _ in single])
    found = [_rounding(runtime, texts, single, size) for size in sizes]
    below = {limit: int((leads < limit).sum()) for limit in _NEAR}
    return Leads(len(leads), below), found


_Choices = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]


def _rounding(
    runtime: LlamaRuntime,
    texts: Sequence[tuple[list[int], list[int]]],
    single: Sequence[_Choices],
    size: int,
) -> Rounding:
    flips, largest, shifts, tokens = 0, 0.0, [np.empty(0, np.float32)], 0
    for (prompt, answer), (first, lead, second) in zip(texts, single, strict=True):
        other_first, other_lead, other_second = _choices(runtime, prompt, answer, size)
        has_flipped = first != other_first
        flips += int(has_flipped.sum())
        largest = max(largest, float(lead[has_flipped].max(initial=0.0)))
        same = ~has_flipped & (second == other_second)
        shifts.append(np.abs(lead - other_lead)[same])
        tokens += len(first)
    moved = np.concatenate(shifts)
    return Rounding(size, tokens, flips, largest, (float(np.median(moved)), float(moved.max())))


def _choices(runtime: LlamaRuntime, prompt: list[int], answer: list[int], size: int) -> _Choices:
    """Return the best token after each of the answer's, its lead, and the second best."""
    runtime.truncate(_SEQUENCE, 0)
    for begin in range(0, len(prompt), runtime.batch_size):
        _read(runtime, begin, prompt[begin : begin + runtime.batch_size], outputs=0)
    best, leads, second = [], [], []
    for begin in range(0, len(answer), size):
        piece = answer[begin : begin + size]
        _read(runtime, len(prompt) + begin, piece, outputs=len(piece))
        for output in range(len(piece)):
            logits = runtime.logits(output)
            two = np.argpartition(logits, -2)[-2:]
            low, high = sorted(two.tolist(), key=lambda token: float(logits[token]))
            best.append(high)
            second.append(low)
            leads.append(logits[high] - logits[low])
    return np.array(best), np.array(leads, np.float32), np.array(second)


def _read(runtime: LlamaRuntime, start: int, tokens: list[int], *, outputs: int) -> None:
    piece = Slice(_SEQUENCE, start, tokens, outputs > 0, max(0, outputs - 1))
    if runtime.decode([piece]) is not DecodeOutcome.DONE:
        raise RuntimeError("the decode was not done")
