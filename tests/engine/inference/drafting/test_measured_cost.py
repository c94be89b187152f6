"""The cost of a batch against a single token, learned from decodes that follow each other."""

from __future__ import annotations

import pytest

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.drafting.measured_cost import MeasuredCost

TRUE = CostCurve({1: 36.0, 2: 68.0, 4: 90.0, 8: 130.0, 16: 250.0})
# What a probe may have seen of the same machine while another program was busy.
FLAT = CostCurve({1: 145.0, 8: 220.0, 16: 318.0})


def times_single(cost: MeasuredCost, tokens: int) -> float:
    return cost.milliseconds(tokens) / cost.milliseconds(1)


def see(cost: MeasuredCost, *sizes: int, slower: float = 1.0) -> None:
    for size in sizes:
        cost.saw(size, slower * TRUE.milliseconds(size) / 1000)


def test_it_begins_with_the_probes_curve() -> None:
    cost = MeasuredCost(TRUE)
    assert [cost.milliseconds(size) for size in (1, 4, 16)] == [36.0, 90.0, 250.0]


def test_a_wrong_curve_is_corrected_by_few_decodes() -> None:
    cost = MeasuredCost(FLAT)
    assert times_single(cost, 8) < 1.6
    see(cost, 1, 8, 1, 16, 1)
    assert times_single(cost, 8) > 2.6
    see(cost, *[1, 8] * 20)
    assert times_single(cost, 8) == pytest.approx(130 / 36, rel=0.1)


@pytest.mark.parametrize("slower", [0.2, 1.0, 7.0])
def test_a_machine_that_is_slower_as_a_whole_changes_nothing(slower: float) -> None:
    cost = MeasuredCost(TRUE)
    see(cost, *[1, 4, 1, 8, 1, 16] * 5, slower=slower)
    assert times_single(cost, 8) == pytest.approx(130 / 36, rel=0.02)


def test_prompts_and_times_of_no_computing_teach_nothing() -> None:
    cost = MeasuredCost(TRUE)
    for tokens, seconds in [(1, 0.03), (256, 9.0), (1, 0.03), (1, 0.0001), (8, 0.5), (1, 0.0)]:
        cost.saw(tokens, seconds)
    assert times_single(cost, 8) == pytest.approx(130 / 36, rel=0.01)


def test_one_bad_moment_is_forgotten() -> None:
    cost = MeasuredCost(TRUE)
    see(cost, *[1, 8] * 10)
    cost.saw(1, 0.036)
    cost.saw(8, 4.0)
    after = times_single(cost, 8)
    assert 130 / 36 < after < 7.0
    see(cost, *[1] * 1500)
    assert times_single(cost, 8) < 130 / 36 * 1.1
