"""The cost of a decode between, before and beyond the sizes that were measured."""

from __future__ import annotations

import pytest

from engine.inference.drafting.cost_curve import CostCurve

MEASURED = {1: 36.0, 2: 68.0, 4: 90.0, 8: 130.0, 16: 250.0}


@pytest.mark.parametrize(
    ("tokens", "milliseconds"), [(1, 36), (2, 68), (3, 79), (8, 130), (12, 190), (16, 250)]
)
def test_between_measured_sizes(tokens: int, milliseconds: float) -> None:
    assert CostCurve(MEASURED).milliseconds(tokens) == pytest.approx(milliseconds)


def test_beyond_measured_sizes_it_goes_on() -> None:
    curve = CostCurve(MEASURED)
    assert curve.milliseconds(31) == pytest.approx(250 + 15 * (250 - 36) / 15)
    assert curve.milliseconds(10_000) >= curve.milliseconds(256) > curve.milliseconds(31)


def test_a_size_that_was_measured_in_a_busy_moment_never_costs_more_than_a_larger_one() -> None:
    curve = CostCurve({1: 36.0, 2: 400.0, 4: 90.0, 8: 130.0})
    assert [curve.milliseconds(size) for size in (1, 2, 4, 8)] == [36.0, 90.0, 90.0, 130.0]


@pytest.mark.parametrize(
    "measured",
    [{}, {1: 36.0}, {0: 1.0, 2: 3.0}, {1: 0.0, 2: 3.0}, {1: 5.0, 2: float("nan")}, {1: 5.0, 2: -1}],
)
def test_what_is_no_measurement_is_refused(measured: dict[int, float]) -> None:
    assert CostCurve.of(measured) is None
    with pytest.raises(ValueError, match=r"cost curve|no time"):
        CostCurve(measured)
