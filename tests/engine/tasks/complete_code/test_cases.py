"""What is shown of what the model writes, from the cases in `cases/`."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path

import msgspec
import pytest

from engine.prompts.catalog import Catalog
from engine.tasks.complete_code.complete_code import CompleteCode
from engine.tasks.complete_code.question import (
    CompletionEnd,
    CompletionQuestion,
    Extent,
    Suggestion,
)
from tests.engine.tasks.scripted_model import ScriptedModel

CARET = "‸"


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text with a caret, what the model writes there, and what is to be shown of it."""

    name: str
    text: str
    model: str
    suggestion: str | None = None
    replaces: int = 0
    path: str = "a.py"
    extent: Extent = Extent.AUTOMATIC
    most: int = 0
    crlf: bool = False

    def with_line_ends(self, text: str) -> str:
        return text.replace("\n", "\r\n") if self.crlf else text


def read_cases() -> list[Case]:
    files = sorted(Path(__file__).with_name("cases").glob("*.toml"))
    read = [tomllib.loads(file.read_text("utf-8"))["case"] for file in files]
    return msgspec.convert([case for cases in read for case in cases], list[Case])


CASES = read_cases()


async def shown(folder: Path, case: Case) -> tuple[list[Suggestion], CompletionEnd]:
    before, _, after = case.with_line_ends(case.text).partition(CARET)
    text = msgspec.json.encode(case.model).decode()
    model = ScriptedModel(folder, f"[[answers]]\ntext = {text}\n")
    question = CompletionQuestion(
        case.path,
        (before + after).encode(),
        len(before.encode()),
        max_tokens=case.most,
        extent=case.extent,
    )
    steps = [step async for step in CompleteCode(model, Catalog.load()).answer(question)]
    *suggestions, end = steps
    assert isinstance(end, CompletionEnd)
    return [step for step in suggestions if isinstance(step, Suggestion)], end


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_case(tmp_path: Path, case: Case) -> None:
    streamed, end = asyncio.run(shown(tmp_path, case))
    if case.suggestion is None:
        assert end.suggestions == ()
        return
    (final,) = end.suggestions
    assert final.text.decode() == case.with_line_ends(case.suggestion)
    rest = case.with_line_ends(case.text).partition(CARET)[2].encode()
    assert len(rest[: final.replaces_bytes].decode()) == case.replaces
    for suggestion in streamed:
        # Every one that was shown on the way was whole text too.
        assert suggestion.text.decode()


def test_names_tell_cases_apart() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
