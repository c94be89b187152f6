from rpc.stubs.limpet.v1 import figures_pb2 as _figures_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TestFramework(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TEST_FRAMEWORK_UNSPECIFIED: _ClassVar[TestFramework]
    TEST_FRAMEWORK_PYTEST: _ClassVar[TestFramework]
    TEST_FRAMEWORK_UNITTEST: _ClassVar[TestFramework]
    TEST_FRAMEWORK_JUNIT: _ClassVar[TestFramework]

class TestBasis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TEST_BASIS_UNSPECIFIED: _ClassVar[TestBasis]
    TEST_BASIS_EXAMPLE: _ClassVar[TestBasis]
    TEST_BASIS_EXCEPTION: _ClassVar[TestBasis]
    TEST_BASIS_PROPERTY: _ClassVar[TestBasis]
    TEST_BASIS_CONFIRMED: _ClassVar[TestBasis]
    TEST_BASIS_OBSERVED: _ClassVar[TestBasis]
TEST_FRAMEWORK_UNSPECIFIED: TestFramework
TEST_FRAMEWORK_PYTEST: TestFramework
TEST_FRAMEWORK_UNITTEST: TestFramework
TEST_FRAMEWORK_JUNIT: TestFramework
TEST_BASIS_UNSPECIFIED: TestBasis
TEST_BASIS_EXAMPLE: TestBasis
TEST_BASIS_EXCEPTION: TestBasis
TEST_BASIS_PROPERTY: TestBasis
TEST_BASIS_CONFIRMED: TestBasis
TEST_BASIS_OBSERVED: TestBasis

class WriteTestsRequest(_message.Message):
    __slots__ = ("path", "text", "name", "framework", "project_folder", "consents_to_run", "without_sandbox", "output_path", "model", "most_tests", "seed")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    CONSENTS_TO_RUN_FIELD_NUMBER: _ClassVar[int]
    WITHOUT_SANDBOX_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MOST_TESTS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: bytes
    name: str
    framework: TestFramework
    project_folder: str
    consents_to_run: bool
    without_sandbox: bool
    output_path: str
    model: str
    most_tests: int
    seed: int
    def __init__(self, path: _Optional[str] = ..., text: _Optional[bytes] = ..., name: _Optional[str] = ..., framework: _Optional[_Union[TestFramework, str]] = ..., project_folder: _Optional[str] = ..., consents_to_run: _Optional[bool] = ..., without_sandbox: _Optional[bool] = ..., output_path: _Optional[str] = ..., model: _Optional[str] = ..., most_tests: _Optional[int] = ..., seed: _Optional[int] = ...) -> None: ...

class WriteTestsResponse(_message.Message):
    __slots__ = ("started", "looked", "skipped", "drafted", "ran", "kept", "dropped", "finding", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    LOOKED_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    DRAFTED_FIELD_NUMBER: _ClassVar[int]
    RAN_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: TestWritingStarted
    looked: TestTargetLooked
    skipped: TestTargetSkipped
    drafted: TestCallsDrafted
    ran: TestCallsRan
    kept: TestKept
    dropped: TestDropped
    finding: TestFinding
    finished: TestWritingFinished
    def __init__(self, started: _Optional[_Union[TestWritingStarted, _Mapping]] = ..., looked: _Optional[_Union[TestTargetLooked, _Mapping]] = ..., skipped: _Optional[_Union[TestTargetSkipped, _Mapping]] = ..., drafted: _Optional[_Union[TestCallsDrafted, _Mapping]] = ..., ran: _Optional[_Union[TestCallsRan, _Mapping]] = ..., kept: _Optional[_Union[TestKept, _Mapping]] = ..., dropped: _Optional[_Union[TestDropped, _Mapping]] = ..., finding: _Optional[_Union[TestFinding, _Mapping]] = ..., finished: _Optional[_Union[TestWritingFinished, _Mapping]] = ...) -> None: ...

class TestWritingStarted(_message.Message):
    __slots__ = ("targets", "framework", "output_path", "notes")
    TARGETS_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    targets: _containers.RepeatedScalarFieldContainer[str]
    framework: TestFramework
    output_path: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, targets: _Optional[_Iterable[str]] = ..., framework: _Optional[_Union[TestFramework, str]] = ..., output_path: _Optional[str] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

class TestTargetLooked(_message.Message):
    __slots__ = ("target", "first_line", "last_line", "signature", "examples", "callers", "existing_tests")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    FIRST_LINE_FIELD_NUMBER: _ClassVar[int]
    LAST_LINE_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    CALLERS_FIELD_NUMBER: _ClassVar[int]
    EXISTING_TESTS_FIELD_NUMBER: _ClassVar[int]
    target: str
    first_line: int
    last_line: int
    signature: str
    examples: int
    callers: int
    existing_tests: int
    def __init__(self, target: _Optional[str] = ..., first_line: _Optional[int] = ..., last_line: _Optional[int] = ..., signature: _Optional[str] = ..., examples: _Optional[int] = ..., callers: _Optional[int] = ..., existing_tests: _Optional[int] = ...) -> None: ...

class TestTargetSkipped(_message.Message):
    __slots__ = ("target", "reason")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    target: str
    reason: str
    def __init__(self, target: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class TestCallsDrafted(_message.Message):
    __slots__ = ("target", "from_model", "from_code")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    FROM_MODEL_FIELD_NUMBER: _ClassVar[int]
    FROM_CODE_FIELD_NUMBER: _ClassVar[int]
    target: str
    from_model: int
    from_code: int
    def __init__(self, target: _Optional[str] = ..., from_model: _Optional[int] = ..., from_code: _Optional[int] = ...) -> None: ...

class TestCallsRan(_message.Message):
    __slots__ = ("target", "calls", "valid", "repaired", "stopped")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    REPAIRED_FIELD_NUMBER: _ClassVar[int]
    STOPPED_FIELD_NUMBER: _ClassVar[int]
    target: str
    calls: int
    valid: int
    repaired: int
    stopped: int
    def __init__(self, target: _Optional[str] = ..., calls: _Optional[int] = ..., valid: _Optional[int] = ..., repaired: _Optional[int] = ..., stopped: _Optional[int] = ...) -> None: ...

class TestKept(_message.Message):
    __slots__ = ("target", "name", "basis", "reason", "code", "lines_added", "mutants_killed")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    LINES_ADDED_FIELD_NUMBER: _ClassVar[int]
    MUTANTS_KILLED_FIELD_NUMBER: _ClassVar[int]
    target: str
    name: str
    basis: TestBasis
    reason: str
    code: bytes
    lines_added: int
    mutants_killed: int
    def __init__(self, target: _Optional[str] = ..., name: _Optional[str] = ..., basis: _Optional[_Union[TestBasis, str]] = ..., reason: _Optional[str] = ..., code: _Optional[bytes] = ..., lines_added: _Optional[int] = ..., mutants_killed: _Optional[int] = ...) -> None: ...

class TestDropped(_message.Message):
    __slots__ = ("target", "code", "reason")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    target: str
    code: bytes
    reason: str
    def __init__(self, target: _Optional[str] = ..., code: _Optional[bytes] = ..., reason: _Optional[str] = ...) -> None: ...

class TestFinding(_message.Message):
    __slots__ = ("target", "line", "message", "call", "expected", "actual", "basis")
    TARGET_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CALL_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    target: str
    line: int
    message: str
    call: bytes
    expected: bytes
    actual: bytes
    basis: TestBasis
    def __init__(self, target: _Optional[str] = ..., line: _Optional[int] = ..., message: _Optional[str] = ..., call: _Optional[bytes] = ..., expected: _Optional[bytes] = ..., actual: _Optional[bytes] = ..., basis: _Optional[_Union[TestBasis, str]] = ...) -> None: ...

class TestWritingFinished(_message.Message):
    __slots__ = ("output_path", "text", "exists", "tests", "targets", "tested_targets", "lines", "covered_lines", "mutants", "killed_mutants", "seconds", "first_test_seconds", "figures", "previous_digest", "were_run")
    OUTPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EXISTS_FIELD_NUMBER: _ClassVar[int]
    TESTS_FIELD_NUMBER: _ClassVar[int]
    TARGETS_FIELD_NUMBER: _ClassVar[int]
    TESTED_TARGETS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    COVERED_LINES_FIELD_NUMBER: _ClassVar[int]
    MUTANTS_FIELD_NUMBER: _ClassVar[int]
    KILLED_MUTANTS_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    FIRST_TEST_SECONDS_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DIGEST_FIELD_NUMBER: _ClassVar[int]
    WERE_RUN_FIELD_NUMBER: _ClassVar[int]
    output_path: str
    text: bytes
    exists: bool
    tests: int
    targets: int
    tested_targets: int
    lines: int
    covered_lines: int
    mutants: int
    killed_mutants: int
    seconds: float
    first_test_seconds: float
    figures: _figures_pb2.Figures
    previous_digest: str
    were_run: bool
    def __init__(self, output_path: _Optional[str] = ..., text: _Optional[bytes] = ..., exists: _Optional[bool] = ..., tests: _Optional[int] = ..., targets: _Optional[int] = ..., tested_targets: _Optional[int] = ..., lines: _Optional[int] = ..., covered_lines: _Optional[int] = ..., mutants: _Optional[int] = ..., killed_mutants: _Optional[int] = ..., seconds: _Optional[float] = ..., first_test_seconds: _Optional[float] = ..., figures: _Optional[_Union[_figures_pb2.Figures, _Mapping]] = ..., previous_digest: _Optional[str] = ..., were_run: _Optional[bool] = ...) -> None: ...
