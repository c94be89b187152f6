"""What test writing is asked with and what it tells."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.inference.language_model import Figures


class Framework(StrEnum):
    """What tests are written for; AUTOMATIC is what the project uses."""

    AUTOMATIC = "automatic"
    PYTEST = "pytest"
    UNITTEST = "unittest"
    JUNIT = "junit"


class Basis(StrEnum):
    """What a test's expected result stands on, the surest first."""

    EXAMPLE = "example"
    EXCEPTION = "exception"
    PROPERTY = "property"
    CONFIRMED = "confirmed"
    OBSERVED = "observed"


class WritingQuestion(msgspec.Struct, frozen=True):
    """A file, or one function of it, that wants tests. Paths are absolute, "" where not said."""

    path: str
    text: bytes
    name: str = ""
    framework: Framework = Framework.AUTOMATIC
    project_folder: str = ""
    consents_to_run: bool = False
    without_sandbox: bool = False
    output_path: str = ""
    model: str = ""
    most_tests: int = 0
    seed: int = 0
    client: str = ""


class WritingBegan(msgspec.Struct, frozen=True):
    """The work begins: the functions, and where their tests are to go."""

    targets: tuple[str, ...]
    framework: Framework
    output_path: str
    notes: tuple[str, ...] = ()


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
    """Calls were run; `stopped` are those that ran out of time or memory."""

    target: str
    calls: int
    valid: int
    repaired: int
    stopped: int


class KeptTest(msgspec.Struct, frozen=True):
    """A test is kept, with what it adds to those before it."""

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
    """The code gives something else than its documentation or its rewrites."""

    target: str
    line: int
    message: str
    call: bytes
    expected: bytes
    actual: bytes
    basis: Basis


class WritingEnd(msgspec.Struct, frozen=True):
    """The whole new text of the test file, empty where nothing is new, and the figures."""

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
    model: str = ""


WritingStep = (
    WritingBegan
    | TargetLooked
    | TargetSkipped
    | CallsDrafted
    | CallsRan
    | KeptTest
    | DroppedTest
    | SuspectedDefect
    | WritingEnd
)
