"""The cases of the edit bench can be judged, and a program that fails is not right."""

from __future__ import annotations

import asyncio

import pytest

from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import parses
from engine.sandbox.sandbox import Sandbox
from tests.bench.tasks.actions import Case, Outcome, cases, rows
from tests.bench.tasks.running import runs
from tests.engine.sandbox.needs_sandbox import needs_sandbox


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_case_can_be_judged(case: Case) -> None:
    parsed = parse(case.path, case.text.lstrip("\n").encode())
    assert parsed is not None
    assert parses(parsed)
    assert case.check or case.has or case.lacks


@needs_sandbox
def test_a_program_that_fails_is_not_right() -> None:
    assert asyncio.run(runs(Sandbox(), "assert 1 == 1"))
    assert not asyncio.run(runs(Sandbox(), "assert 1 == 2"))


def test_rows_count_edits() -> None:
    right = Outcome("a", True, True, True, True, 1, 2.0, "")
    none = Outcome("b", False, False, False, False, 2, 4.0, "no")
    assert [row[2] for row in rows([right, none])] == [
        "1 of 1 (100 %)",
        "1 of 2 (50 %)",
        "1 of 2 (50 %)",
        "0 of 1 (0 %)",
        "3.0 s",
    ]
