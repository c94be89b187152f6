"""States that leave llama.cpp's cache and come back are the same states."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.inference.language_model import Keeping
from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.messages import RuntimeSettings
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.parking.state_folder import StateFolder
from engine.inference.parking.state_keeper import StateKeeper
from engine.inference.runtime import DecodeOutcome, Slice
from tests.engine.inference.llama.parked_answers import PLENTY, answer_of, before_and_after
from tests.engine.inference.scheduler.desk import Desk

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


def test_a_state_from_another_process_is_gone_on_from(
    model_path: Path, small: LlamaRuntime, tmp_path: Path
) -> None:
    def desk_of(runtime: LlamaRuntime) -> Desk[LlamaRuntime]:
        folder = StateFolder(tmp_path / "states", model="tiny", limit_bytes=PLENTY)
        return Desk(runtime, lot=ParkingLot(PLENTY), keeper=StateKeeper(folder))

    keeping = Keeping(str(tmp_path), "a.py")
    prompt = small.tokenize(TEXT * 40, special=False)[:200]
    first = desk_of(small)
    first.submit(prompt, most=0, keeping=keeping)
    first.finish_all()
    whole = answer_of(first, prompt, 12)
    assert first.scheduler.keep(is_end=True)
    settings = RuntimeSettings(context_tokens=512, parallel_requests=2, threads=1)
    other = LlamaRuntime(model_path, settings)
    second = desk_of(other)
    number = second.submit(prompt, most=12, keeping=keeping)
    second.finish_all()
    assert second.texts[number] == whole[0]
    assert second.jobs[number].figures().cached_tokens == len(prompt) - 1
    other.close()
