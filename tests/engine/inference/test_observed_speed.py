"""A stated speed rises with what was seen, and with nothing else."""

from __future__ import annotations

import pytest

from engine.inference.language_model import Figures, Speed
from engine.inference.observed_speed import ObservedSpeed

_MEASURED = Speed(prefill_tokens_per_second=100.0, decode_tokens_per_second=10.0, threads=2)


@pytest.mark.parametrize(
    ("figures", "was_alone", "prefill", "decode"),
    [
        pytest.param(Figures(400, 0, 64, 2000.0, 0.0, 20.0), True, 200.0, 20.0, id="both better"),
        pytest.param(Figures(400, 0, 64, 8000.0, 0.0, 5.0), True, 100.0, 10.0, id="both worse"),
        pytest.param(Figures(400, 0, 31, 2000.0, 0.0, 20.0), True, 200.0, 10.0, id="short answer"),
        pytest.param(Figures(400, 0, 64, 2000.0, 0.0, 20.0), False, 100.0, 20.0, id="not alone"),
        pytest.param(Figures(400, 300, 64, 10.0, 0.0, 5.0), True, 100.0, 10.0, id="mostly cached"),
        pytest.param(Figures(400, 200, 64, 1000.0, 0.0, 5.0), True, 200.0, 10.0, id="half cached"),
        pytest.param(Figures(400, 0, 0, 0.0, 900.0, 0.0), True, 100.0, 10.0, id="only read"),
        pytest.param(
            Figures(1, 0, 64, 1.0, 0.0, 99.0, accepted_tokens=9), True, 100.0, 10.0, id="drafted"
        ),
        pytest.param(Figures(), True, 100.0, 10.0, id="nothing"),
    ],
)
def test_what_is_seen_raises_the_speed(
    figures: Figures, *, was_alone: bool, prefill: float, decode: float
) -> None:
    observed = ObservedSpeed(_MEASURED)
    observed.note(figures, was_alone=was_alone)
    assert observed.speed.prefill_tokens_per_second == pytest.approx(prefill)
    assert observed.speed.decode_tokens_per_second == pytest.approx(decode)
    assert observed.speed.threads == 2


def test_the_best_stays() -> None:
    observed = ObservedSpeed(_MEASURED)
    for speed in (30.0, 50.0, 20.0):
        observed.note(Figures(1, 0, 64, 1.0, 0.0, speed), was_alone=True)
    assert observed.speed.decode_tokens_per_second == 50.0
