"""Cores are counted from what Linux tells of the processor."""

from __future__ import annotations

import pytest

from engine.inference.probe.processor import (
    physical_cores,
    processor_name,
    thread_candidates,
    usable_processors,
)


def cpuinfo(*cores: tuple[int, int]) -> str:
    return "\n\n".join(
        f"processor\t: {number}\nphysical id\t: {package}\ncore id\t\t: {core}\nflags\t\t: avx2"
        for number, (package, core) in enumerate(cores)
    )


@pytest.mark.parametrize(
    ("text", "cores"),
    [
        pytest.param("", 0, id="nothing is told"),
        pytest.param("processor : 0\nBogoMIPS : 50", 0, id="a processor without cores named"),
        pytest.param(cpuinfo((0, 0), (0, 1)), 2, id="two cores"),
        pytest.param(cpuinfo((0, 0), (0, 1), (0, 0), (0, 1)), 2, id="two threads on each"),
        pytest.param(cpuinfo((0, 0), (0, 1), (1, 0), (1, 1)), 4, id="two packages"),
    ],
)
def test_physical_cores(text: str, cores: int) -> None:
    assert physical_cores(text) == cores


def test_no_more_threads_are_tried_than_processors_may_be_used() -> None:
    candidates = thread_candidates()
    assert candidates
    assert all(1 <= count <= usable_processors() for count in candidates)
    assert processor_name() == processor_name() != ""
