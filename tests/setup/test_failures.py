"""A failed step is explained before its output is shown."""

from __future__ import annotations

import pytest

from setup.failures import explain

CASES = {
    "WARNING: Retrying after connection broken by 'NewConnectionError(<...>)'": "package index",
    "Temporary failure in name resolution": "package index",
    "OSError: [Errno 28] No space left on device": "disk is full",
    "g++: fatal error: Killed signal terminated program cc1plus": "CMAKE_BUILD_PARALLEL_LEVEL=1",
}


@pytest.mark.parametrize("output", CASES)
def test_a_known_cause_comes_first(output: str) -> None:
    text = explain({"llama.cpp": output}, {"llama.cpp": "/logs/build.log"})
    advice, shown = text.split("\n\n")
    assert CASES[output] in advice
    assert output in shown
    assert shown.endswith("/logs/build.log")


def test_an_unknown_cause_gets_no_advice() -> None:
    text = explain({"llama.cpp": "error: expected ';'"}, {"llama.cpp": "/l"})
    assert text == "llama.cpp: error: expected ';'\nAll of it: /l"


def test_two_lanes_with_one_cause_get_one_advice() -> None:
    output = "connection broken by"
    text = explain({"a": output, "b": output}, {"a": "/a", "b": "/b"})
    assert text.count("package index") == 1
    assert text.index("a: ") < text.index("b: ")
