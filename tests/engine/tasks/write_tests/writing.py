"""The task over a scripted model and the real sandbox, for a small project in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.sandbox.sandbox import Sandbox
from engine.tasks.write_tests.open_run import OpenRunner
from engine.tasks.write_tests.question import (
    DroppedTest,
    Framework,
    KeptTest,
    SuspectedDefect,
    WritingEnd,
    WritingQuestion,
    WritingStep,
)
from engine.tasks.write_tests.trial import Runner
from engine.tasks.write_tests.write_tests import WriteTests
from tests.engine.tasks.scripted_model import ScriptedModel

SILENT = '[[answers]]\ntext = "I do not know.\\n```"\n'


async def written(
    folder: Path,
    code: str,
    *,
    script: str = SILENT,
    files: Mapping[str, str] | None = None,
    runner: Runner | None = None,
    consents: bool = True,
    without_sandbox: bool = False,
    name: str = "",
    framework: Framework = Framework.AUTOMATIC,
) -> list[WritingStep]:
    """Write tests for `shop.py` with that code; return all steps."""
    project = folder / "project"
    project.mkdir(exist_ok=True)
    for path, text in {"pyproject.toml": "", **(files or {})}.items():
        place = project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    templates = TemplateRenderer()
    task = WriteTests(
        ScriptedModel(folder, script),
        Catalog.load(),
        templates,
        runner=runner or Sandbox(),
        open_runner=OpenRunner(),
    )
    question = WritingQuestion(
        path=str(project / "shop.py"),
        text=code.encode(),
        name=name,
        framework=framework,
        consents_to_run=consents,
        without_sandbox=without_sandbox,
    )
    try:
        return [step async for step in task.answer(question)]
    finally:
        await templates.close()


def kept(steps: list[WritingStep]) -> list[KeptTest]:
    return [step for step in steps if isinstance(step, KeptTest)]


def dropped(steps: list[WritingStep]) -> dict[str, str]:
    return {step.code.decode(): step.reason for step in steps if isinstance(step, DroppedTest)}


def findings(steps: list[WritingStep]) -> list[SuspectedDefect]:
    return [step for step in steps if isinstance(step, SuspectedDefect)]


def end_of(steps: list[WritingStep]) -> WritingEnd:
    assert isinstance(steps[-1], WritingEnd)
    return steps[-1]
