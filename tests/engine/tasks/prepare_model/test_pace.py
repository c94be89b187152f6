"""When a model is called too slow to complete code with, and what is proposed then."""

from __future__ import annotations

import pytest

from engine.inference.language_model import Speed
from engine.model_store.catalogue import load_catalogue
from engine.tasks.prepare_model.pace import Pace

HALF, ONE_AND_A_HALF, SEVEN = 494_000_000, 1_540_000_000, 7_610_000_000

# Tokens read and written per second, parameters, and the model to be proposed: None where the
# model is quick enough, "" where no smaller one would be.
CASES = {
    "a laptop with the default": (210.0, 22.0, HALF, None),
    "a laptop with the larger one": (95.0, 12.8, ONE_AND_A_HALF, "qwen2.5-coder-0.5b"),
    "a graphics card with a large one": (3000.0, 60.0, SEVEN, None),
    "an old machine with the smallest": (20.0, 4.0, HALF, ""),
    "an old machine with the larger one": (10.0, 2.0, ONE_AND_A_HALF, ""),
    "a good machine with 7B": (70.0, 18.0, SEVEN, "qwen2.5-coder-3b"),
    "a speed that is not known": (0.0, 0.0, SEVEN, None),
    "a model of unknown size": (20.0, 4.0, 0, ""),
}


@pytest.mark.parametrize(
    ("read", "written", "parameters", "proposed"), CASES.values(), ids=list(CASES)
)
def test_the_proposal(read: float, written: float, parameters: int, proposed: str | None) -> None:
    slowness = Pace(load_catalogue().models).slowness(Speed(read, written), parameters)
    if proposed is None:
        assert slowness is None
        return
    assert slowness is not None
    assert slowness.suggestion_seconds == pytest.approx(60 / read + 12 / written)
    assert slowness.suggestion_seconds > slowness.longest_useful_seconds == 1.0
    assert slowness.faster_model == proposed
    is_quick = 0 < slowness.faster_suggestion_seconds <= slowness.longest_useful_seconds
    assert is_quick == bool(proposed)
