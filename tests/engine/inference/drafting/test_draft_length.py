"""How many guesses are verified, by what they promise and what a decode costs."""

from __future__ import annotations

import itertools

import pytest

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.drafting.draft_length import draft_length

# Two machines that were measured: one reads a batch of four in 1.4 times a token's time, the other
# in 2.5 times.
CHEAP = CostCurve({1: 45.0, 2: 52.0, 4: 64.0, 8: 101.0, 16: 161.0})
DEAR = CostCurve({1: 36.0, 2: 68.0, 4: 90.0, 8: 130.0, 16: 250.0})


def survival(rate: float, count: int = 24) -> list[float]:
    return [rate ** (place + 1) for place in range(count)]


def chosen(rate: float, curve: CostCurve, most: int = 24, beside: int = 0) -> int:
    return draft_length(
        survival(rate), curve, most=most, batch_tokens=1 + beside, batch_yield=1.0 + beside
    )


@pytest.mark.parametrize(
    ("rate", "cheap", "dear"), [(0.0, 0, 0), (0.2, 1, 0), (0.5, 2, 0), (0.9, 7, 7), (1.0, 23, 23)]
)
def test_the_better_the_guesses_and_the_cheaper_they_are_the_more(
    rate: float, cheap: int, dear: int
) -> None:
    assert chosen(rate, CHEAP) == pytest.approx(cheap, abs=1 if 0 < cheap < 23 else 0)
    assert chosen(rate, DEAR) == pytest.approx(dear, abs=1 if 0 < dear < 23 else 0)


def test_a_decode_of_whole_rows() -> None:
    """A row that is left over costs as much as four."""
    for beside, rate in itertools.product(range(6), (0.7, 0.9, 0.99)):
        size = 1 + beside + chosen(rate, CHEAP, beside=beside)
        assert size in (1 + beside, 2, 3) or size % 4 == 0


def test_never_more_than_asked_for() -> None:
    assert [chosen(1.0, CHEAP, most) for most in (0, 1, 5, 7, 100)] == [0, 1, 3, 7, 23]
    assert draft_length([0.9], CHEAP, most=24, batch_tokens=1, batch_yield=1.0) == 1
    assert draft_length([], CHEAP, most=24, batch_tokens=1, batch_yield=1.0) == 0


def test_it_is_the_best_of_all_lengths() -> None:
    for rate, curve, beside in itertools.product((0.3, 0.6, 0.8, 0.95), (CHEAP, DEAR), (0, 3)):
        speeds = {
            length: (1 + beside + sum(survival(rate)[:length]))
            / curve.milliseconds(1 + beside + length)
            for length in range(24)
            if length == 0 or beside + 1 + length in (2, 3) or (beside + 1 + length) % 4 == 0
        }
        length = chosen(rate, curve, beside=beside)
        assert speeds[length] >= max(speeds.values()) / 1.03
        assert length == 0 or speeds[length] == max(speeds.values())
