from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_ERROR: _ClassVar[Severity]
    SEVERITY_WARNING: _ClassVar[Severity]
    SEVERITY_NOTE: _ClassVar[Severity]

class Confidence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONFIDENCE_UNSPECIFIED: _ClassVar[Confidence]
    CONFIDENCE_PROVED: _ClassVar[Confidence]
    CONFIDENCE_SETTLED: _ClassVar[Confidence]
    CONFIDENCE_CONFLICT: _ClassVar[Confidence]
    CONFIDENCE_SUSPECTED: _ClassVar[Confidence]
SEVERITY_UNSPECIFIED: Severity
SEVERITY_ERROR: Severity
SEVERITY_WARNING: Severity
SEVERITY_NOTE: Severity
CONFIDENCE_UNSPECIFIED: Confidence
CONFIDENCE_PROVED: Confidence
CONFIDENCE_SETTLED: Confidence
CONFIDENCE_CONFLICT: Confidence
CONFIDENCE_SUSPECTED: Confidence

class ReviewRequest(_message.Message):
    __slots__ = ("files", "least_confidence")
    FILES_FIELD_NUMBER: _ClassVar[int]
    LEAST_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[ReviewFile]
    least_confidence: Confidence
    def __init__(self, files: _Optional[_Iterable[_Union[ReviewFile, _Mapping]]] = ..., least_confidence: _Optional[_Union[Confidence, str]] = ...) -> None: ...

class ReviewFile(_message.Message):
    __slots__ = ("path", "text", "lines", "was_found")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    WAS_FOUND_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: bytes
    lines: _containers.RepeatedCompositeFieldContainer[LineRange]
    was_found: bool
    def __init__(self, path: _Optional[str] = ..., text: _Optional[bytes] = ..., lines: _Optional[_Iterable[_Union[LineRange, _Mapping]]] = ..., was_found: _Optional[bool] = ...) -> None: ...

class LineRange(_message.Message):
    __slots__ = ("first", "last")
    FIRST_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    first: int
    last: int
    def __init__(self, first: _Optional[int] = ..., last: _Optional[int] = ...) -> None: ...

class ReviewResponse(_message.Message):
    __slots__ = ("started", "finding", "file_done", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    FILE_DONE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: ReviewStarted
    finding: Finding
    file_done: ReviewFileDone
    finished: ReviewFinished
    def __init__(self, started: _Optional[_Union[ReviewStarted, _Mapping]] = ..., finding: _Optional[_Union[Finding, _Mapping]] = ..., file_done: _Optional[_Union[ReviewFileDone, _Mapping]] = ..., finished: _Optional[_Union[ReviewFinished, _Mapping]] = ...) -> None: ...

class ReviewStarted(_message.Message):
    __slots__ = ("files", "missing_signals")
    FILES_FIELD_NUMBER: _ClassVar[int]
    MISSING_SIGNALS_FIELD_NUMBER: _ClassVar[int]
    files: int
    missing_signals: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, files: _Optional[int] = ..., missing_signals: _Optional[_Iterable[str]] = ...) -> None: ...

class TextPlace(_message.Message):
    __slots__ = ("line", "column", "offset")
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    line: int
    column: int
    offset: int
    def __init__(self, line: _Optional[int] = ..., column: _Optional[int] = ..., offset: _Optional[int] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("path", "start", "end", "severity", "confidence", "rule", "category", "message", "evidence", "signal", "edit", "fingerprint")
    PATH_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    EDIT_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    path: str
    start: TextPlace
    end: TextPlace
    severity: Severity
    confidence: Confidence
    rule: str
    category: str
    message: str
    evidence: str
    signal: str
    edit: ProposedEdit
    fingerprint: str
    def __init__(self, path: _Optional[str] = ..., start: _Optional[_Union[TextPlace, _Mapping]] = ..., end: _Optional[_Union[TextPlace, _Mapping]] = ..., severity: _Optional[_Union[Severity, str]] = ..., confidence: _Optional[_Union[Confidence, str]] = ..., rule: _Optional[str] = ..., category: _Optional[str] = ..., message: _Optional[str] = ..., evidence: _Optional[str] = ..., signal: _Optional[str] = ..., edit: _Optional[_Union[ProposedEdit, _Mapping]] = ..., fingerprint: _Optional[str] = ...) -> None: ...

class ProposedEdit(_message.Message):
    __slots__ = ("start", "end", "text", "title")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    text: bytes
    title: str
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., text: _Optional[bytes] = ..., title: _Optional[str] = ...) -> None: ...

class ReviewFileDone(_message.Message):
    __slots__ = ("path", "number", "skipped")
    PATH_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    path: str
    number: int
    skipped: str
    def __init__(self, path: _Optional[str] = ..., number: _Optional[int] = ..., skipped: _Optional[str] = ...) -> None: ...

class ReviewFinished(_message.Message):
    __slots__ = ("findings", "hidden", "suppressed", "skipped_files", "lines")
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FILES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    findings: int
    hidden: int
    suppressed: int
    skipped_files: int
    lines: int
    def __init__(self, findings: _Optional[int] = ..., hidden: _Optional[int] = ..., suppressed: _Optional[int] = ..., skipped_files: _Optional[int] = ..., lines: _Optional[int] = ...) -> None: ...

class FindFilesRequest(_message.Message):
    __slots__ = ("folder", "most_files")
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    MOST_FILES_FIELD_NUMBER: _ClassVar[int]
    folder: str
    most_files: int
    def __init__(self, folder: _Optional[str] = ..., most_files: _Optional[int] = ...) -> None: ...

class FindFilesResponse(_message.Message):
    __slots__ = ("paths", "is_cut")
    PATHS_FIELD_NUMBER: _ClassVar[int]
    IS_CUT_FIELD_NUMBER: _ClassVar[int]
    paths: _containers.RepeatedScalarFieldContainer[str]
    is_cut: bool
    def __init__(self, paths: _Optional[_Iterable[str]] = ..., is_cut: _Optional[bool] = ...) -> None: ...
