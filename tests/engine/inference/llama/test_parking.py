"""States that leave llama.cpp's cache and come back are the same states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.messages import RuntimeSettings
from engine.inference.runtime import DecodeOutcome, Slice
from tests.engine.inference.llama.parked_answers import before_and_after

TEXT = b"def value(self, other):\n    return self.total + other.count\n"


@pytest.fixture
def small(model_path: Path) -> Iterator[LlamaRuntime]:
    """A cache in which three prompts of 200 tokens have no room."""
    settings = RuntimeSettings(context_tokens=512, parallel_requests=2, threads=1)
    runtime = LlamaRuntime(model_path, settings)
    yield runtime
    runtime.close()


def test_an_answer_goes_on_the_same_after_its_prompt_was_parked(small: LlamaRuntime) -> None:
    words = small.tokenize(TEXT * 40, special=False)
    prompt, *others = (words[start : start + 200] for start in (0, 7, 14, 21))
    before, after = before_and_after(small, prompt, others, most=12)
    assert after == before
    assert after[1] == len(prompt) - 1, "nothing was read again"


def test_a_state_that_is_none_is_refused_and_leaves_nothing(small: LlamaRuntime) -> None:
    words = small.tokenize(TEXT * 10, special=False)[:150]
    assert small.decode([Slice(0, 0, words, False)]) is DecodeOutcome.DONE
    state = small.take_state(0)
    for broken in (state[:-1], state[: len(state) // 2], b"", b"\xff" * 40):
        assert not small.put_state(1, broken)
        assert small.length_of(1) == 0
    assert small.put_state(1, state)
    assert small.length_of(1) == 150


def test_a_state_without_room_is_refused_and_leaves_the_others(small: LlamaRuntime) -> None:
    words = small.tokenize(TEXT * 40, special=False)[:250]
    for sequence in (0, 1):
        assert small.decode([Slice(sequence, 0, words, False)]) is DecodeOutcome.DONE
    assert not small.put_state(2, small.take_state(0))
    assert [small.length_of(each) for each in (0, 1, 2)] == [250, 250, 0]
