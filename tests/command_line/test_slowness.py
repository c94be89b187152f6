"""What is said of a model that is too slow to complete code."""

from __future__ import annotations

from command_line.slowness import slowness_advice, slowness_text
from rpc.engine import Slowness


def test_a_faster_model_is_named_with_what_it_needs() -> None:
    slowness = Slowness(2.34, 1.0, "small-1b", 0.71)
    assert "large-7b needs about 2.3 s" in slowness_text("large-7b", slowness)
    assert 'completion_model = "small-1b"' in slowness_advice(slowness)
    assert "0.7 s" in slowness_advice(slowness)


def test_where_no_model_would_do_none_is_named() -> None:
    advice = slowness_advice(Slowness(9.0, 1.0, "", 0.0))
    assert "No model" in advice
    assert "completion_model" not in advice
