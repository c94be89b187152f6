"""Answers after a prompt's state was in host memory, beside those from the cache."""

from __future__ import annotations

from collections.abc import Sequence

from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.parking.parking_lot import ParkingLot
from tests.engine.inference.scheduler.desk import Desk

PLENTY = 1 << 28


def answer_of(desk: Desk[LlamaRuntime], prompt: Sequence[int], most: int) -> tuple[bytes, int]:
    """Return an answer and how many of the prompt's tokens were in the cache."""
    number = desk.submit(prompt, most=most)
    desk.finish_all()
    while desk.scheduler.could_park:
        desk.scheduler.park()
    return desk.texts[number], desk.jobs[number].figures().cached_tokens


def before_and_after(
    runtime: LlamaRuntime, prompt: Sequence[int], others: Sequence[Sequence[int]], most: int
) -> tuple[tuple[bytes, int], tuple[bytes, int]]:
    """Return the answer from the cache, and after `others` have pushed the prompt out of it."""
    desk: Desk[LlamaRuntime] = Desk(runtime, lot=ParkingLot(PLENTY))
    answer_of(desk, prompt, most)
    before = answer_of(desk, prompt, most)
    for other in others:
        answer_of(desk, other, 0)
    return before, answer_of(desk, prompt, most)
