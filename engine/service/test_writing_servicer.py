"""Test writing on the wire: checks the request, asks the task, converts its steps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput
from engine.service.client_name import client_name
from engine.service.figures import figures_message
from engine.service.seams import TestWritingTask
from engine.service.streams import closing
from engine.service.text_limits import check_size
from engine.tasks.write_tests import question as steps
from rpc.stubs.limpet.v1 import test_writing_pb2 as wire
from rpc.stubs.limpet.v1 import test_writing_pb2_grpc

_FRAMEWORKS = {
    wire.TEST_FRAMEWORK_UNSPECIFIED: steps.Framework.AUTOMATIC,
    wire.TEST_FRAMEWORK_PYTEST: steps.Framework.PYTEST,
    wire.TEST_FRAMEWORK_UNITTEST: steps.Framework.UNITTEST,
    wire.TEST_FRAMEWORK_JUNIT: steps.Framework.JUNIT,
}
_FRAMEWORKS_ON_THE_WIRE = {word: number for number, word in _FRAMEWORKS.items()}
_BASES = {
    steps.Basis.EXAMPLE: wire.TEST_BASIS_EXAMPLE,
    steps.Basis.EXCEPTION: wire.TEST_BASIS_EXCEPTION,
    steps.Basis.PROPERTY: wire.TEST_BASIS_PROPERTY,
    steps.Basis.CONFIRMED: wire.TEST_BASIS_CONFIRMED,
    steps.Basis.OBSERVED: wire.TEST_BASIS_OBSERVED,
}
_MOST_TESTS = 100


class TestWritingServicer(test_writing_pb2_grpc.TestWritingServiceServicer):
    """The service `limpet.v1.TestWritingService`."""

    def __init__(self, task: TestWritingTask) -> None:
        self._task = task

    async def WriteTests(
        self, request: wire.WriteTestsRequest, context: Any
    ) -> AsyncIterator[wire.WriteTestsResponse]:
        """Write tests."""
        question = _question(request, client_name(context))
        async with closing(self._task.answer(question)) as answer:
            async for step in answer:
                yield _response(step)


def _question(request: wire.WriteTestsRequest, client: str) -> steps.WritingQuestion:
    check_size(len(request.text), "The file")
    if request.framework not in _FRAMEWORKS:
        raise InvalidInput(f"The engine does not know the test framework {request.framework}.")
    if not request.path:
        raise InvalidInput("The file has no path.")
    for path in (request.path, request.project_folder, request.output_path):
        if path and ("\0" in path or not Path(path).is_absolute()):
            raise InvalidInput("A path of the request is not an absolute one.")
    if request.most_tests > _MOST_TESTS:
        raise InvalidInput(f"A function gets at most {_MOST_TESTS} tests.")
    return steps.WritingQuestion(
        path=request.path,
        text=request.text,
        name=request.name,
        framework=_FRAMEWORKS[request.framework],
        project_folder=request.project_folder,
        consents_to_run=request.consents_to_run,
        without_sandbox=request.without_sandbox,
        output_path=request.output_path,
        model=request.model,
        most_tests=request.most_tests,
        seed=request.seed,
        client=client,
    )


def _response(step: steps.WritingStep) -> wire.WriteTestsResponse:
    match step:
        case steps.WritingBegan():
            return wire.WriteTestsResponse(
                started=wire.TestWritingStarted(
                    targets=step.targets,
                    framework=_FRAMEWORKS_ON_THE_WIRE[step.framework],
                    output_path=step.output_path,
                    notes=step.notes,
                )
            )
        case steps.TargetLooked():
            return wire.WriteTestsResponse(
                looked=wire.TestTargetLooked(
                    target=step.target,
                    first_line=step.first_line,
                    last_line=step.last_line,
                    signature=step.signature,
                    examples=step.examples,
                    callers=step.callers,
                    existing_tests=step.existing_tests,
                )
            )
        case steps.WritingEnd():
            return wire.WriteTestsResponse(finished=_finished(step))
        case steps.KeptTest() | steps.DroppedTest() | steps.SuspectedDefect():
            return _judged(step)
        case _:
            return _progress(step)


def _progress(
    step: steps.TargetSkipped | steps.CallsDrafted | steps.CallsRan,
) -> wire.WriteTestsResponse:
    match step:
        case steps.TargetSkipped():
            return wire.WriteTestsResponse(
                skipped=wire.TestTargetSkipped(target=step.target, reason=step.reason)
            )
        case steps.CallsDrafted():
            return wire.WriteTestsResponse(
                drafted=wire.TestCallsDrafted(
                    target=step.target, from_model=step.from_model, from_code=step.from_code
                )
            )
        case steps.CallsRan():
            return wire.WriteTestsResponse(
                ran=wire.TestCallsRan(
                    target=step.target,
                    calls=step.calls,
                    valid=step.valid,
                    repaired=step.repaired,
                    stopped=step.stopped,
                )
            )


def _judged(
    step: steps.KeptTest | steps.DroppedTest | steps.SuspectedDefect,
) -> wire.WriteTestsResponse:
    match step:
        case steps.KeptTest():
            return wire.WriteTestsResponse(
                kept=wire.TestKept(
                    target=step.target,
                    name=step.name,
                    basis=_BASES[step.basis],
                    reason=step.reason,
                    code=step.code,
                    lines_added=step.lines_added,
                    mutants_killed=step.mutants_killed,
                )
            )
        case steps.DroppedTest():
            return wire.WriteTestsResponse(
                dropped=wire.TestDropped(target=step.target, code=step.code, reason=step.reason)
            )
        case steps.SuspectedDefect():
            return wire.WriteTestsResponse(
                finding=wire.TestFinding(
                    target=step.target,
                    line=step.line,
                    message=step.message,
                    call=step.call,
                    expected=step.expected,
                    actual=step.actual,
                    basis=_BASES[step.basis],
                )
            )


def _finished(step: steps.WritingEnd) -> wire.TestWritingFinished:
    return wire.TestWritingFinished(
        output_path=step.output_path,
        text=step.text,
        exists=step.exists,
        previous_digest=step.previous_digest,
        were_run=step.were_run,
        tests=step.tests,
        targets=step.targets,
        tested_targets=step.tested_targets,
        lines=step.lines,
        covered_lines=step.covered_lines,
        mutants=step.mutants,
        killed_mutants=step.killed_mutants,
        seconds=step.seconds,
        first_test_seconds=step.first_test_seconds,
        figures=figures_message(step.figures, step.model),
    )
