"""The task: looks at a file, writes tests for its functions, and hands the whole file over."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import msgspec

from engine.errors import ConsentNeeded, InvalidInput, ModelNotInstalled
from engine.inference.language_model import Figures
from engine.inference.model_provider import ModelProvider, Role
from engine.prompts.call_proposals import ProposalTask
from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.tasks.write_tests.model_calls import ModelCalls
from engine.tasks.write_tests.oracles import Oracles
from engine.tasks.write_tests.parameter_kinds import BoundaryValues
from engine.tasks.write_tests.project import (
    Project,
    classes_of,
    framework_of,
    module_of,
    names_in,
    place_of_tests,
    read_project,
)
from engine.tasks.write_tests.proving import prove
from engine.tasks.write_tests.question import (
    DroppedTest,
    Framework,
    KeptTest,
    WritingBegan,
    WritingEnd,
    WritingQuestion,
    WritingStep,
)
from engine.tasks.write_tests.surroundings import Surroundings
from engine.tasks.write_tests.target import Target, chosen, parsed, targets_of
from engine.tasks.write_tests.target_work import TargetWork
from engine.tasks.write_tests.test_file import check_existing, names_taken, whole_file
from engine.tasks.write_tests.trial import Runner

_MOST_TESTS = 10
_MOST_TARGETS = 200
Consent = Callable[[Path], bool]


class WriteTests:
    """The task. `runner` is the sandbox; `open_runner` is used only where the user typed so."""

    def __init__(
        self,
        models: ModelProvider,
        catalog: Catalog,
        templates: TemplateRenderer,
        *,
        runner: Runner,
        open_runner: Runner,
        has_consent: Consent = lambda _project: False,
    ) -> None:
        self._models = models
        self._catalog = catalog
        self._templates = templates
        self._runner = runner
        self._open_runner = open_runner
        self._has_consent = has_consent
        self._data = BoundaryValues.load()
        self._oracles = Oracles.load()
        self._words = ProposalTask.load().in_language()

    async def answer(self, question: WritingQuestion) -> AsyncIterator[WritingStep]:
        """Stream the steps; closing the iterator ends every program that runs.

        Raises InvalidInput, UnreadableText, ConsentNeeded, SandboxUnavailable, ModelUnavailable.
        """
        clock = _Clock()
        plan = await asyncio.to_thread(_plan, question)
        if not (question.consents_to_run or self._has_consent(plan.project.root)):
            raise ConsentNeeded(
                f"Writing tests runs the code of {plan.project.root}, and nobody has agreed yet."
            )
        runner = self._open_runner if question.without_sandbox else self._runner
        if problem := await runner.unavailable_reason():
            raise problem
        model_id, model, notes = await self._model(question)
        names = tuple(target.full_name for target in plan.targets)
        notes = (*plan.notes, *notes)
        yield WritingBegan(names, plan.framework, str(plan.output_path), notes)
        around = self._surroundings(question, plan, runner, model)
        works: list[TargetWork] = []
        taken = names_taken(plan.existing)
        for target in plan.targets:
            work = TargetWork(target, around, taken)
            works.append(work)
            async for step in work.steps():
                if isinstance(step, KeptTest):
                    clock.first_test()
                yield step
        text = _text(plan, works)
        if text:
            for dropped in await self._last_look(around, works, text):
                yield dropped
            text = _text(plan, works)
        yield _end(plan, works, text, clock, model_id)

    async def _model(
        self, question: WritingQuestion
    ) -> tuple[str, ModelCalls | None, tuple[str, ...]]:
        """Return who proposes calls; without a model the work goes on with what the code tells."""
        try:
            model_id, model = await self._models.model_for(Role.CHAT, question.model)
        except ModelNotInstalled as problem:
            if question.model:
                raise
            return "", None, (f"No model proposes calls: {problem.message}",)
        family = self._catalog.recognise(model.facts)
        calls = ModelCalls(model, family, self._templates, self._words, client=question.client)
        return model_id, calls, ()

    def _surroundings(
        self, question: WritingQuestion, plan: _Plan, runner: Runner, model: ModelCalls | None
    ) -> Surroundings:
        return Surroundings(
            project=plan.project,
            module=module_of(plan.project),
            runner=runner,
            framework=plan.framework,
            output_path=plan.inner_output,
            names=plan.names,
            classes=classes_of(plan.project),
            data=self._data,
            oracles=self._oracles,
            model=model,
            most_tests=question.most_tests or _MOST_TESTS,
            seed=question.seed,
        )

    async def _last_look(
        self, around: Surroundings, works: Sequence[TargetWork], text: str
    ) -> list[DroppedTest]:
        """Run the whole file once; take out, and return, what fails among the others."""
        is_inside = not Path(around.output_path).is_absolute()
        proof = await prove(
            around.runner,
            around.project.files,
            around.module,
            path=around.output_path if is_inside else around.trial_path,
            text=text,
            framework=around.framework,
            orders=1,
        )
        dropped: list[DroppedTest] = []
        for work in works:
            for test in tuple(work.written):
                if reason := proof.why_not(test.name, 1):
                    work.take_out(test)
                    code = test.call.text.encode()
                    dropped.append(DroppedTest(work.target.full_name, code, reason))
        return dropped


class _Plan(msgspec.Struct, frozen=True):
    """What is to be done, before anything runs."""

    project: Project
    targets: tuple[Target, ...]
    names: frozenset[str]
    framework: Framework
    output_path: Path
    inner_output: str
    existing: bytes
    exists: bool
    notes: tuple[str, ...]


class _Clock:
    """Measures from its making on, in seconds."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self.first_test_seconds = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def first_test(self) -> None:
        self.first_test_seconds = self.first_test_seconds or self.seconds


def _plan(question: WritingQuestion) -> _Plan:
    """Read what is needed. Raises InvalidInput and UnreadableText."""
    path = Path(question.path)
    if path.suffix != ".py":
        raise InvalidInput(
            f"{path.name} is no Python file; tests are written for Python only.",
            advice="For other languages ask with `limpet ask -f FILE`.",
        )
    tree = parsed(path.name, question.text)
    targets = chosen(targets_of(tree), question.name, path.name)
    if not targets:
        raise InvalidInput(f"{path.name} has no function that tests could be written for.")
    project = read_project(path, question.text, question.project_folder)
    module_of(project)
    framework = question.framework
    if framework is Framework.JUNIT:
        raise InvalidInput("JUnit tests are for Java and Kotlin; this is a Python file.")
    if framework is Framework.AUTOMATIC:
        framework = framework_of(project)
    output = (
        Path(question.output_path)
        if question.output_path
        else project.root / place_of_tests(project)
    )
    if not output.is_absolute() or output == path:
        raise InvalidInput("The tests need a file of their own, given by its absolute path.")
    existing = output.read_bytes() if output.is_file() else b""
    check_existing(str(output), existing)
    is_inside = output.is_relative_to(project.root)
    notes = ["The project is large: not all of its files are there when it runs."] * project.is_cut
    notes += [f"Only the first {_MOST_TARGETS} functions get tests."] * (
        len(targets) > _MOST_TARGETS
    )
    return _Plan(
        project=project,
        targets=tuple(targets[:_MOST_TARGETS]),
        names=names_in(tree),
        framework=framework,
        output_path=output,
        inner_output=output.relative_to(project.root).as_posix() if is_inside else str(output),
        existing=existing,
        exists=output.is_file(),
        notes=tuple(notes),
    )


def _text(plan: _Plan, works: Sequence[TargetWork]) -> str:
    groups = [work.tests for work in works if work.written]
    if not groups:
        return ""
    setup = {statement for work in works for statement in work.search.module.setup}
    return whole_file(
        plan.existing,
        groups,
        framework=plan.framework,
        module=module_of(plan.project).name,
        setup=sorted(setup),
    )


def _end(
    plan: _Plan, works: Sequence[TargetWork], text: str, clock: _Clock, model_id: str
) -> WritingEnd:
    return WritingEnd(
        output_path=str(plan.output_path),
        text=text.encode(),
        exists=plan.exists,
        previous_digest=hashlib.sha256(plan.existing).hexdigest() if plan.exists else "",
        were_run=bool(text),
        tests=sum(len(work.written) for work in works),
        targets=len(works),
        tested_targets=sum(bool(work.kept) for work in works),
        lines=sum(len(work.search.lines) for work in works),
        covered_lines=sum(len(work.covered) for work in works),
        mutants=sum(len(work.search.mutants) for work in works),
        killed_mutants=sum(len(work.killed) for work in works),
        seconds=clock.seconds,
        first_test_seconds=clock.first_test_seconds,
        figures=_sum([each for work in works for each in work.search.figures]),
        model=model_id,
    )


def _sum(figures: Sequence[Figures]) -> Figures:
    """Return what several answers cost together."""
    return Figures(
        prompt_tokens=sum(each.prompt_tokens for each in figures),
        cached_tokens=sum(each.cached_tokens for each in figures),
        generated_tokens=sum(each.generated_tokens for each in figures),
        total_ms=sum(each.total_ms for each in figures),
    )
