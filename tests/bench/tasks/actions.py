"""Measures edit actions on own small cases: is the edit right, does it parse, how long it takes.

`python -m tests.bench.tasks actions --model FILE [--prompts FOLDER] [--only TEXT] [--json]`. With
another folder of prompts two wordings can be compared. Checks of Python run in the sandbox.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import EngineError
from engine.inference.language_model import LanguageModel, Speed
from engine.inference.messages import RuntimeSettings
from engine.inference.model_provider import Role
from engine.inference.worker_model import WorkerModel
from engine.prompts.action_words import ActionWords
from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.sandbox.sandbox import Sandbox
from engine.tasks.act_on_code.edit_code import EditCode
from engine.tasks.act_on_code.question import EditEnd, EditQuestion, Selection
from tests.bench.tasks.running import runs

_SETTINGS = RuntimeSettings(context_tokens=4096, parallel_requests=2)


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One edit and how to tell that it is right; `lines` (from 1) are edited, or all."""

    name: str
    text: str
    path: str = "shop.py"
    lines: tuple[int, int] | None = None
    action: str = "edit"
    instruction: str = ""
    error: str = ""
    test: str = ""
    check: str = ""
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What came of one case."""

    name: str
    is_right: bool
    is_edit: bool
    parses: bool
    changes: bool
    tries: int
    seconds: float
    note: str


class OneModel:
    """A provider of one model."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    async def model_for(self, role: Role, name: str = "") -> tuple[str, LanguageModel]:
        """Return the model."""
        return "measured", self._model


def cases(only: str = "") -> list[Case]:
    """Return the cases whose name contains a text."""
    data = tomllib.loads(Path(__file__).with_name("actions.toml").read_text("utf-8"))
    return [each for each in msgspec.convert(data["cases"], list[Case]) if only in each.name]


async def measure(model_file: Path, prompts: Path | None, wanted: Sequence[Case]) -> list[Outcome]:
    """Edit every case and judge it."""
    templates, words = TemplateRenderer(), ActionWords.load(prompts)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        model = WorkerModel(model_file, _SETTINGS, Speed(), Path(folder) / "worker.log")
        await model.start()
        task = EditCode(OneModel(model), Catalog.load(), templates, words)
        try:
            for case in wanted:
                outcomes.append(await _outcome(task, case))
                print(outcomes[-1], file=sys.stderr, flush=True)
        finally:
            await templates.close()
            await model.close()
    return outcomes


async def _outcome(task: EditCode, case: Case) -> Outcome:
    text = case.text.lstrip("\n").encode()
    question = EditQuestion(
        _selection(case, text),
        action=case.action,
        instruction=case.instruction,
        error_text=case.error,
        failing_test=case.test.encode(),
    )
    started = time.monotonic()
    try:
        (end,) = [step async for step in task.answer(question) if isinstance(step, EditEnd)]
    except EngineError as failure:
        seconds = time.monotonic() - started
        return Outcome(case.name, False, False, False, False, 2, seconds, failure.message)
    seconds = time.monotonic() - started
    result = text[: end.start] + end.new_text + text[end.end :]
    is_right = end.changes and end.parses and await _is_right(case, result)
    note = "" if is_right else end.unified_diff.decode("utf-8", "replace")
    return Outcome(case.name, is_right, True, end.parses, end.changes, end.tries, seconds, note)


def _selection(case: Case, text: bytes) -> Selection:
    if case.lines is None:
        return Selection(case.path, text, 0, len(text))
    lines = text.splitlines(keepends=True)
    first, last = case.lines
    start, end = (sum(map(len, lines[:count])) for count in (first - 1, last))
    return Selection(case.path, text, start, end)


async def _is_right(case: Case, result: bytes) -> bool:
    text = result.decode("utf-8", "replace")
    if any(not re.search(each, text) for each in case.has):
        return False
    if any(re.search(each, text) for each in case.lacks):
        return False
    return not case.check or await runs(Sandbox(), f"{text}\n{case.check}")


def rows(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """Return (what, target, measured)."""
    count = len(outcomes)
    edits = [each for each in outcomes if each.is_edit]

    def share(number: int, of: int) -> str:
        return f"{number} of {of} ({100 * number / max(of, 1):.0f} %)"

    seconds = statistics.median([each.seconds for each in outcomes] or [0.0])
    return [
        ("edits that parse", "100 %", share(sum(each.parses for each in edits), len(edits))),
        ("cases that got an edit", "", share(len(edits), count)),
        ("edits that do what was asked", "", share(sum(e.is_right for e in outcomes), count)),
        ("edits at the second try", "", share(sum(e.tries > 1 for e in edits), len(edits))),
        ("time an edit, median", "", f"{seconds:.1f} s"),
    ]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    outcomes = asyncio.run(measure(arguments.model, arguments.prompts, cases(arguments.only)))
    if arguments.json:
        print(json.dumps([msgspec.to_builtins(each) for each in outcomes]))
        return
    for what, target, measured in rows(outcomes):
        print(f"| {what} | {target} | {measured} |")


if __name__ == "__main__":
    main()
