"""Functions that hang, fork, fill the disk and the like: an answer comes, the project stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from tests.engine.sandbox.needs_sandbox import needs_sandbox
from tests.engine.tasks.write_tests.writing import end_of, kept, written


class Function(msgspec.Struct, frozen=True):
    """A function `f` and what it does."""

    name: str
    code: str


class Functions(msgspec.Struct, frozen=True):
    """The file of them."""

    functions: tuple[Function, ...]


FUNCTIONS = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "hostile.toml").read_text("utf-8")), Functions
).functions
# These give a value all the same, which may become a test.
HARMLESS = {"prints a gigabyte", "writes into every pipe", "removes its own files"}


@needs_sandbox
@pytest.mark.asyncio
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
async def test_an_answer_comes_and_the_project_stays(function: Function, tmp_path: Path) -> None:
    steps = await written(tmp_path, function.code)
    project = tmp_path / "project"
    assert sorted(path.name for path in project.rglob("*")) == ["pyproject.toml"]
    assert function.name in HARMLESS or kept(steps) == []
    assert end_of(steps).seconds < 110
