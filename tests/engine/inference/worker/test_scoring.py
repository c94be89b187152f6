"""A text that a model in a worker process scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import PromptTooLong
from engine.inference.language_model import Finished, GenerationRequest, Piece, Priority, Segment
from tests.engine.inference.worker.workers import scripted_model

pytestmark = pytest.mark.asyncio

_SCRIPT = 'unlikely = ["n"]\n'


def _scoring(text: bytes) -> GenerationRequest:
    prompt = (Segment(b"total = 0\n"),)
    return GenerationRequest(prompt, max_tokens=0, priority=Priority.REVIEW, scores=text)


async def test_each_token_comes_back_with_how_likely_it_was(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, _SCRIPT) as model:
        *pieces, end = [step async for step in model.generate(_scoring(b"total += n\n"))]
    assert isinstance(end, Finished)
    assert end.figures.generated_tokens == 0
    scored = [each for each in pieces if isinstance(each, Piece)]
    assert b"".join(each.text for each in scored) == b"total += n\n"
    assert all(len(each.log_probabilities) == 1 for each in scored)
    assert [each.text for each in scored if each.log_probabilities[0] < -1] == [b" n"]


async def test_a_text_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    async with scripted_model(tmp_path, _SCRIPT) as model:
        with pytest.raises(PromptTooLong):
            async for _ in model.generate(_scoring(b"x " * 5000)):
                pass
