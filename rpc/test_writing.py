"""Asks for tests and reads the steps of their writing."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from rpc.connection import Connection
from rpc.enumerations import name_for_wire, text_for_wire, word_from_wire
from rpc.figures import Figures, figures_from_wire
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import test_writing_pb2 as wire
from rpc.stubs.limpet.v1.test_writing_pb2_grpc import TestWritingServiceStub

# Longer than a file of many functions takes; a hung engine is noticed long before.
WRITING_TIMEOUT_SECONDS = 7200.0


class Framework(StrEnum):
    """What tests are written for; UNSPECIFIED is what the project uses."""

    UNSPECIFIED = "unspecified"
    PYTEST = "pytest"
    UNITTEST = "unittest"
    JUNIT = "junit"


class Basis(StrEnum):
    """What a test's expected result stands on; OBSERVED only pins what the code does today."""

    UNSPECIFIED = "unspecified"
    EXAMPLE = "example"
    EXCEPTION = "exception"
    PROPERTY = "property"
    CONFIRMED = "confirmed"
    OBSERVED = "observed"


class WritingWish(msgspec.Struct, frozen=True):
    """What to write tests for; the fields are those of the proto. Paths are absolute."""

    path: str
    text: bytes
    name: str = ""
    framework: Framework = Framework.UNSPECIFIED
    project_folder: str = ""
    consents_to_run: bool = False
    without_sandbox: bool = False
    output_path: str = ""
    model: str = ""
    most_tests: int = 0
    seed: int = 0


class WritingBegan(msgspec.Struct, frozen=True):
    """The work begins: the functions, and the file that their tests are meant for."""

    targets: tuple[str, ...]
    framework: Framework
    output_path: str
    notes: tuple[str, ...]


class TargetLooked(msgspec.Struct, frozen=True):
    """A function was looked at."""

    target: str
    first_line: int
    last_line: int
    signature: str
    examples: int
    callers: int
    existing_tests: int


class TargetSkipped(msgspec.Struct, frozen=True):
    """Nothing is written for a function, and why."""

    target: str
    reason: str


class CallsDrafted(msgspec.Struct, frozen=True):
    """Calls were proposed, by the model and without it."""

    target: str
    from_model: int
    from_code: int


class CallsRan(msgspec.Struct, frozen=True):
    """Calls were run."""

    target: str
    calls: int
    valid: int
    repaired: int
    stopped: int


class KeptTest(msgspec.Struct, frozen=True):
    """A test is kept."""

    target: str
    name: str
    basis: Basis
    reason: str
    code: bytes
    lines_added: int
    mutants_killed: int


class DroppedTest(msgspec.Struct, frozen=True):
    """A test is not kept, and why."""

    target: str
    code: bytes
    reason: str


class SuspectedDefect(msgspec.Struct, frozen=True):
    """The code gives something else than its documentation or its rewrites say."""

    target: str
    line: int
    message: str
    call: bytes
    expected: bytes
    actual: bytes
    basis: Basis


class WritingFinished(msgspec.Struct, frozen=True):
    """The whole new text of the test file, and the figures; the fields are those of the proto."""

    output_path: str
    text: bytes
    exists: bool
    previous_digest: str
    were_run: bool
    tests: int
    targets: int
    tested_targets: int
    lines: int
    covered_lines: int
    mutants: int
    killed_mutants: int
    seconds: float
    first_test_seconds: float
    figures: Figures


WritingEvent = (
    WritingBegan
    | TargetLooked
    | TargetSkipped
    | CallsDrafted
    | CallsRan
    | KeptTest
    | DroppedTest
    | SuspectedDefect
    | WritingFinished
)


class WritingStream(Stream[WritingEvent]):
    """One WritingBegan; for each function its steps; one WritingFinished."""


class WritingClient:
    """Asks the engine's service that writes tests."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write_tests(
        self, wish: WritingWish, *, timeout_seconds: float = WRITING_TIMEOUT_SECONDS
    ) -> WritingStream:
        """Ask for tests; failures come while iterating. The engine writes nothing to the project:
        what to write, and where, comes with the last event.
        """
        request = wire.WriteTestsRequest(
            path=text_for_wire(wish.path),
            text=wish.text,
            name=text_for_wire(wish.name),
            framework=name_for_wire(wish.framework, "TEST_FRAMEWORK"),
            project_folder=text_for_wire(wish.project_folder),
            consents_to_run=wish.consents_to_run,
            without_sandbox=wish.without_sandbox,
            output_path=text_for_wire(wish.output_path),
            model=text_for_wire(wish.model),
            most_tests=wish.most_tests,
            seed=wish.seed,
        )
        return WritingStream(
            self._connection.opening(
                lambda channel: TestWritingServiceStub(channel).WriteTests,
                request,
                _event_from_wire,
                timeout_seconds=timeout_seconds,
            )
        )


def _event_from_wire(message: wire.WriteTestsResponse) -> WritingEvent | None:
    match message.WhichOneof("step"):
        case "started":
            began = message.started
            framework = word_from_wire(
                Framework, wire.TestFramework, "TEST_FRAMEWORK", began.framework
            )
            return WritingBegan(
                tuple(began.targets), framework, began.output_path, tuple(began.notes)
            )
        case "looked" | "skipped" | "drafted" | "ran":
            return _before_judging(message)
        case "kept" | "dropped" | "finding":
            return _judged(message)
        case "finished":
            return _finished(message.finished)
    return None


def _before_judging(message: wire.WriteTestsResponse) -> WritingEvent | None:
    match message.WhichOneof("step"):
        case "skipped":
            return TargetSkipped(message.skipped.target, message.skipped.reason)
        case "drafted":
            drafted = message.drafted
            return CallsDrafted(drafted.target, drafted.from_model, drafted.from_code)
        case "ran":
            ran = message.ran
            return CallsRan(ran.target, ran.calls, ran.valid, ran.repaired, ran.stopped)
        case "looked":
            looked = message.looked
            return TargetLooked(
                looked.target,
                looked.first_line,
                looked.last_line,
                looked.signature,
                looked.examples,
                looked.callers,
                looked.existing_tests,
            )
    return None


def _judged(message: wire.WriteTestsResponse) -> WritingEvent | None:
    match message.WhichOneof("step"):
        case "kept":
            kept = message.kept
            return KeptTest(
                kept.target,
                kept.name,
                _basis(kept.basis),
                kept.reason,
                kept.code,
                kept.lines_added,
                kept.mutants_killed,
            )
        case "dropped":
            return DroppedTest(message.dropped.target, message.dropped.code, message.dropped.reason)
        case "finding":
            found = message.finding
            return SuspectedDefect(
                found.target,
                found.line,
                found.message,
                found.call,
                found.expected,
                found.actual,
                _basis(found.basis),
            )
    return None


def _basis(number: int) -> Basis:
    return word_from_wire(Basis, wire.TestBasis, "TEST_BASIS", number)


def _finished(end: wire.TestWritingFinished) -> WritingFinished:
    return WritingFinished(
        output_path=end.output_path,
        text=end.text,
        exists=end.exists,
        previous_digest=end.previous_digest,
        were_run=end.were_run,
        tests=end.tests,
        targets=end.targets,
        tested_targets=end.tested_targets,
        lines=end.lines,
        covered_lines=end.covered_lines,
        mutants=end.mutants,
        killed_mutants=end.killed_mutants,
        seconds=end.seconds,
        first_test_seconds=end.first_test_seconds,
        figures=figures_from_wire(end.figures),
    )
