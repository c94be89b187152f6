"""How likely llama.cpp finds a given text, next to what it says of text that it writes itself."""

from __future__ import annotations

import pytest

from engine.inference.llama.runtime import LlamaRuntime
from tests.engine.inference.scheduler.desk import Desk

_PROMPT = b"def add(a, b):\n    return"


def test_a_written_answer_is_scored_as_it_was_written(runtime: LlamaRuntime) -> None:
    prompt = [*runtime.opening_tokens(), *runtime.tokenize(_PROMPT, special=False)]
    desk = Desk(runtime)
    written = desk.submit(prompt, most=24, wants_probabilities=True)
    desk.finish_all()
    answer = list(desk.jobs[written].tokens[len(prompt) :])
    assert len(answer) > 1
    scored = desk.submit([*prompt, *answer], most=0, scored=len(answer))
    desk.finish_all()
    # Sums are rounded differently in batches of different sizes.
    assert desk.probabilities[scored] == pytest.approx(desk.probabilities[written], abs=0.05)
    assert desk.texts[scored] == b"".join(map(runtime.token_text, answer))
