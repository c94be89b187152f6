"""Measures written tests on correct programs and their buggy twins, laid out as QuixBugs is.

`python -m tests.bench.tasks.test_writing --data FOLDER [--model FILE] [--limit N] [--json]`. The
folder has `correct_python_programs` and `python_programs`. Without a model the code alone is asked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import ModelNotInstalled
from engine.inference.language_model import LanguageModel, Speed
from engine.inference.messages import RuntimeSettings
from engine.inference.model_provider import Role
from engine.inference.worker_model import WorkerModel
from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.sandbox.sandbox import Sandbox
from engine.tasks.write_tests.open_run import OpenRunner
from engine.tasks.write_tests.project import module_of, read_project
from engine.tasks.write_tests.proving import prove
from engine.tasks.write_tests.question import Framework, WritingEnd, WritingQuestion
from engine.tasks.write_tests.write_tests import WriteTests

_CORRECT, _BUGGY = "correct_python_programs", "python_programs"
_SETTINGS = RuntimeSettings(context_tokens=4096, parallel_requests=2)


class Program(msgspec.Struct, frozen=True):
    """What came of one program."""

    name: str
    tests: int
    tested: bool
    coverage: float
    passes: bool
    tells_the_twin: bool
    seconds: float
    first_test_seconds: float


class OneModel:
    """A provider of one model, or of none."""

    def __init__(self, model: LanguageModel | None) -> None:
        self._model = model

    async def model_for(self, role: Role, name: str = "") -> tuple[str, LanguageModel]:
        """Return the model. Raises ModelNotInstalled."""
        if self._model is None:
            raise ModelNotInstalled("No model takes part.")
        return "measured", self._model


async def measure(data: Path, model_file: Path | None, limit: int) -> list[Program]:
    """Write tests for each correct program, and run them on its twin."""
    places = sorted((data / _CORRECT).glob("*.py"))
    names = [place.stem for place in places if (data / _BUGGY / place.name).is_file()]
    names = [
        name for name in names if f"def {name}(" in (data / _CORRECT / f"{name}.py").read_text()
    ]
    model: WorkerModel | None = None
    templates = TemplateRenderer()
    with tempfile.TemporaryDirectory() as folder:
        if model_file is not None:
            model = WorkerModel(model_file, _SETTINGS, Speed(), Path(folder) / "worker.log")
            await model.start()
        task = WriteTests(
            OneModel(model), Catalog.load(), templates, runner=Sandbox(), open_runner=OpenRunner()
        )
        try:
            programs = []
            for name in names[: limit or None]:
                programs.append(await _program(task, data, name))
                print(programs[-1], file=sys.stderr, flush=True)
            return programs
        finally:
            await templates.close()
            if model is not None:
                await model.close()


async def _program(task: WriteTests, data: Path, name: str) -> Program:
    path = data / _CORRECT / f"{name}.py"
    twin = await asyncio.to_thread((data / _BUGGY / path.name).read_bytes)
    question = WritingQuestion(
        path=str(path),
        text=await asyncio.to_thread(path.read_bytes),
        name=name,
        framework=Framework.PYTEST,
        project_folder=str(path.parent),
        output_path=str(path.parent / "tests" / f"test_{name}.py"),
        consents_to_run=True,
    )
    (end,) = [step async for step in task.answer(question) if isinstance(step, WritingEnd)]
    right = await _passes(path, question.text, end) if end.text else True
    tells = bool(end.text) and not await _passes(path, twin, end)
    return Program(
        name=name,
        tests=end.tests,
        tested=end.tests > 0,
        coverage=end.covered_lines / end.lines if end.lines else 1.0,
        passes=right,
        tells_the_twin=tells,
        seconds=end.seconds,
        first_test_seconds=end.first_test_seconds,
    )


async def _passes(path: Path, source: bytes, end: WritingEnd) -> bool:
    """Return whether all tests pass with the source in the program's place."""
    project = read_project(path, source, str(path.parent))
    proof = await prove(
        Sandbox(),
        project.files,
        module_of(project),
        path=f"tests/{Path(end.output_path).name}",
        text=end.text.decode(),
        framework=Framework.PYTEST,
        orders=1,
    )
    return not proof.said and sum(proof.passed.values()) == end.tests


def rows(programs: Sequence[Program]) -> list[tuple[str, str, str]]:
    """Return (what, target, measured)."""
    count = len(programs)

    def share(number: int) -> str:
        return f"{number} of {count} ({100 * number / max(count, 1):.0f} %)"

    seconds = [each.seconds for each in programs] or [0.0]
    first = [each.first_test_seconds for each in programs if each.tested] or [0.0]
    coverage = statistics.mean([each.coverage for each in programs] or [0.0])
    return [
        ("kept tests pass on the correct program", "100 %", share(sum(e.passes for e in programs))),
        ("functions with at least one kept test", "≥95 %", share(sum(e.tested for e in programs))),
        ("line coverage of the function, mean", "≥90 %", f"{100 * coverage:.0f} %"),
        ("they fail on the twin", "≥85 %", share(sum(e.tells_the_twin for e in programs))),
        ("time a function, median", "≤45 s", f"{statistics.median(seconds):.0f} s"),
        ("first kept test, median", "≤15 s", f"{statistics.median(first):.0f} s"),
    ]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    programs = asyncio.run(measure(arguments.data.resolve(), arguments.model, arguments.limit))
    if arguments.json:
        print(json.dumps([msgspec.to_builtins(each) for each in programs]))
        return
    for what, target, measured in rows(programs):
        print(f"| {what} | {target} | {measured} |")


if __name__ == "__main__":
    main()
