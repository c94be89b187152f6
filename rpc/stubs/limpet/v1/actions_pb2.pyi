from rpc.stubs.limpet.v1 import figures_pb2 as _figures_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ActionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTION_KIND_UNSPECIFIED: _ClassVar[ActionKind]
    ACTION_KIND_EDIT: _ClassVar[ActionKind]
    ACTION_KIND_TALK: _ClassVar[ActionKind]
ACTION_KIND_UNSPECIFIED: ActionKind
ACTION_KIND_EDIT: ActionKind
ACTION_KIND_TALK: ActionKind

class ListActionsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListActionsResponse(_message.Message):
    __slots__ = ("actions",)
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    actions: _containers.RepeatedCompositeFieldContainer[CodeAction]
    def __init__(self, actions: _Optional[_Iterable[_Union[CodeAction, _Mapping]]] = ...) -> None: ...

class CodeAction(_message.Message):
    __slots__ = ("name", "kind", "titles", "needs_instruction", "takes_problem")
    class TitlesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLES_FIELD_NUMBER: _ClassVar[int]
    NEEDS_INSTRUCTION_FIELD_NUMBER: _ClassVar[int]
    TAKES_PROBLEM_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: ActionKind
    titles: _containers.ScalarMap[str, str]
    needs_instruction: bool
    takes_problem: bool
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[ActionKind, str]] = ..., titles: _Optional[_Mapping[str, str]] = ..., needs_instruction: _Optional[bool] = ..., takes_problem: _Optional[bool] = ...) -> None: ...

class CodeSelection(_message.Message):
    __slots__ = ("path", "text", "start", "end", "language")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: bytes
    start: int
    end: int
    language: str
    def __init__(self, path: _Optional[str] = ..., text: _Optional[bytes] = ..., start: _Optional[int] = ..., end: _Optional[int] = ..., language: _Optional[str] = ...) -> None: ...

class EditRequest(_message.Message):
    __slots__ = ("selection", "action", "instruction", "error_text", "failing_test", "project_folder", "model")
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_FIELD_NUMBER: _ClassVar[int]
    ERROR_TEXT_FIELD_NUMBER: _ClassVar[int]
    FAILING_TEST_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    selection: CodeSelection
    action: str
    instruction: str
    error_text: str
    failing_test: bytes
    project_folder: str
    model: str
    def __init__(self, selection: _Optional[_Union[CodeSelection, _Mapping]] = ..., action: _Optional[str] = ..., instruction: _Optional[str] = ..., error_text: _Optional[str] = ..., failing_test: _Optional[bytes] = ..., project_folder: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class EditResponse(_message.Message):
    __slots__ = ("started", "piece", "retried", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    PIECE_FIELD_NUMBER: _ClassVar[int]
    RETRIED_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: EditStarted
    piece: EditPiece
    retried: EditRetried
    finished: EditFinished
    def __init__(self, started: _Optional[_Union[EditStarted, _Mapping]] = ..., piece: _Optional[_Union[EditPiece, _Mapping]] = ..., retried: _Optional[_Union[EditRetried, _Mapping]] = ..., finished: _Optional[_Union[EditFinished, _Mapping]] = ...) -> None: ...

class EditStarted(_message.Message):
    __slots__ = ("start", "end", "first_line", "last_line", "prompt_tokens", "model")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    FIRST_LINE_FIELD_NUMBER: _ClassVar[int]
    LAST_LINE_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    first_line: int
    last_line: int
    prompt_tokens: int
    model: str
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., first_line: _Optional[int] = ..., last_line: _Optional[int] = ..., prompt_tokens: _Optional[int] = ..., model: _Optional[str] = ...) -> None: ...

class EditPiece(_message.Message):
    __slots__ = ("text", "settled_lines")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SETTLED_LINES_FIELD_NUMBER: _ClassVar[int]
    text: bytes
    settled_lines: int
    def __init__(self, text: _Optional[bytes] = ..., settled_lines: _Optional[int] = ...) -> None: ...

class EditRetried(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class EditFinished(_message.Message):
    __slots__ = ("start", "end", "new_text", "unified_diff", "parses", "changes", "text_digest", "tries", "figures")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    NEW_TEXT_FIELD_NUMBER: _ClassVar[int]
    UNIFIED_DIFF_FIELD_NUMBER: _ClassVar[int]
    PARSES_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    TEXT_DIGEST_FIELD_NUMBER: _ClassVar[int]
    TRIES_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    new_text: bytes
    unified_diff: bytes
    parses: bool
    changes: bool
    text_digest: str
    tries: int
    figures: _figures_pb2.Figures
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., new_text: _Optional[bytes] = ..., unified_diff: _Optional[bytes] = ..., parses: _Optional[bool] = ..., changes: _Optional[bool] = ..., text_digest: _Optional[str] = ..., tries: _Optional[int] = ..., figures: _Optional[_Union[_figures_pb2.Figures, _Mapping]] = ...) -> None: ...

class TalkRequest(_message.Message):
    __slots__ = ("selection", "action", "instruction", "error_text", "project_folder", "answer_language", "model")
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_FIELD_NUMBER: _ClassVar[int]
    ERROR_TEXT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    ANSWER_LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    selection: CodeSelection
    action: str
    instruction: str
    error_text: str
    project_folder: str
    answer_language: str
    model: str
    def __init__(self, selection: _Optional[_Union[CodeSelection, _Mapping]] = ..., action: _Optional[str] = ..., instruction: _Optional[str] = ..., error_text: _Optional[str] = ..., project_folder: _Optional[str] = ..., answer_language: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class TalkResponse(_message.Message):
    __slots__ = ("started", "piece", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    PIECE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: TalkStarted
    piece: str
    finished: TalkFinished
    def __init__(self, started: _Optional[_Union[TalkStarted, _Mapping]] = ..., piece: _Optional[str] = ..., finished: _Optional[_Union[TalkFinished, _Mapping]] = ...) -> None: ...

class TalkStarted(_message.Message):
    __slots__ = ("start", "end", "first_line", "last_line", "prompt_tokens", "model")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    FIRST_LINE_FIELD_NUMBER: _ClassVar[int]
    LAST_LINE_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    first_line: int
    last_line: int
    prompt_tokens: int
    model: str
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., first_line: _Optional[int] = ..., last_line: _Optional[int] = ..., prompt_tokens: _Optional[int] = ..., model: _Optional[str] = ...) -> None: ...

class TalkFinished(_message.Message):
    __slots__ = ("is_cut", "figures")
    IS_CUT_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    is_cut: bool
    figures: _figures_pb2.Figures
    def __init__(self, is_cut: _Optional[bool] = ..., figures: _Optional[_Union[_figures_pb2.Figures, _Mapping]] = ...) -> None: ...
