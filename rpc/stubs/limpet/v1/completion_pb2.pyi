from rpc.stubs.limpet.v1 import figures_pb2 as _figures_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Extent(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXTENT_UNSPECIFIED: _ClassVar[Extent]
    EXTENT_LINE: _ClassVar[Extent]
    EXTENT_BLOCK: _ClassVar[Extent]

class OffsetUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFSET_UNIT_UNSPECIFIED: _ClassVar[OffsetUnit]
    OFFSET_UNIT_BYTES: _ClassVar[OffsetUnit]
    OFFSET_UNIT_UTF16: _ClassVar[OffsetUnit]
    OFFSET_UNIT_CODE_POINTS: _ClassVar[OffsetUnit]

class Trigger(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRIGGER_UNSPECIFIED: _ClassVar[Trigger]
    TRIGGER_TYPING: _ClassVar[Trigger]
    TRIGGER_MANUAL: _ClassVar[Trigger]

class SuggestionSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUGGESTION_SOURCE_UNSPECIFIED: _ClassVar[SuggestionSource]
    SUGGESTION_SOURCE_MODEL: _ClassVar[SuggestionSource]
    SUGGESTION_SOURCE_EARLIER: _ClassVar[SuggestionSource]
    SUGGESTION_SOURCE_AHEAD: _ClassVar[SuggestionSource]
EXTENT_UNSPECIFIED: Extent
EXTENT_LINE: Extent
EXTENT_BLOCK: Extent
OFFSET_UNIT_UNSPECIFIED: OffsetUnit
OFFSET_UNIT_BYTES: OffsetUnit
OFFSET_UNIT_UTF16: OffsetUnit
OFFSET_UNIT_CODE_POINTS: OffsetUnit
TRIGGER_UNSPECIFIED: Trigger
TRIGGER_TYPING: Trigger
TRIGGER_MANUAL: Trigger
SUGGESTION_SOURCE_UNSPECIFIED: SuggestionSource
SUGGESTION_SOURCE_MODEL: SuggestionSource
SUGGESTION_SOURCE_EARLIER: SuggestionSource
SUGGESTION_SOURCE_AHEAD: SuggestionSource

class CompleteRequest(_message.Message):
    __slots__ = ("path", "text", "caret_offset", "caret_id", "model", "max_tokens", "extent")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CARET_OFFSET_FIELD_NUMBER: _ClassVar[int]
    CARET_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    EXTENT_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: bytes
    caret_offset: int
    caret_id: str
    model: str
    max_tokens: int
    extent: Extent
    def __init__(self, path: _Optional[str] = ..., text: _Optional[bytes] = ..., caret_offset: _Optional[int] = ..., caret_id: _Optional[str] = ..., model: _Optional[str] = ..., max_tokens: _Optional[int] = ..., extent: _Optional[_Union[Extent, str]] = ...) -> None: ...

class CompleteResponse(_message.Message):
    __slots__ = ("partial", "finished")
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    partial: Suggestion
    finished: CompletionFinished
    def __init__(self, partial: _Optional[_Union[Suggestion, _Mapping]] = ..., finished: _Optional[_Union[CompletionFinished, _Mapping]] = ...) -> None: ...

class Suggestion(_message.Message):
    __slots__ = ("text", "replaces_bytes", "confidence")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REPLACES_BYTES_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    text: bytes
    replaces_bytes: int
    confidence: float
    def __init__(self, text: _Optional[bytes] = ..., replaces_bytes: _Optional[int] = ..., confidence: _Optional[float] = ...) -> None: ...

class CompletionFinished(_message.Message):
    __slots__ = ("suggestions", "figures", "reason")
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    suggestions: _containers.RepeatedCompositeFieldContainer[Suggestion]
    figures: _figures_pb2.Figures
    reason: str
    def __init__(self, suggestions: _Optional[_Iterable[_Union[Suggestion, _Mapping]]] = ..., figures: _Optional[_Union[_figures_pb2.Figures, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SessionRequest(_message.Message):
    __slots__ = ("open_document", "change_document", "suggest", "cancel_suggest", "move_caret", "accept_suggestion", "save_document")
    OPEN_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGE_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    SUGGEST_FIELD_NUMBER: _ClassVar[int]
    CANCEL_SUGGEST_FIELD_NUMBER: _ClassVar[int]
    MOVE_CARET_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_SUGGESTION_FIELD_NUMBER: _ClassVar[int]
    SAVE_DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    open_document: OpenDocument
    change_document: ChangeDocument
    suggest: Suggest
    cancel_suggest: CancelSuggest
    move_caret: MoveCaret
    accept_suggestion: AcceptSuggestion
    save_document: SaveDocument
    def __init__(self, open_document: _Optional[_Union[OpenDocument, _Mapping]] = ..., change_document: _Optional[_Union[ChangeDocument, _Mapping]] = ..., suggest: _Optional[_Union[Suggest, _Mapping]] = ..., cancel_suggest: _Optional[_Union[CancelSuggest, _Mapping]] = ..., move_caret: _Optional[_Union[MoveCaret, _Mapping]] = ..., accept_suggestion: _Optional[_Union[AcceptSuggestion, _Mapping]] = ..., save_document: _Optional[_Union[SaveDocument, _Mapping]] = ...) -> None: ...

class OpenDocument(_message.Message):
    __slots__ = ("path", "text", "version", "offset_unit", "project_folder", "model")
    PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    OFFSET_UNIT_FIELD_NUMBER: _ClassVar[int]
    PROJECT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    path: str
    text: bytes
    version: int
    offset_unit: OffsetUnit
    project_folder: str
    model: str
    def __init__(self, path: _Optional[str] = ..., text: _Optional[bytes] = ..., version: _Optional[int] = ..., offset_unit: _Optional[_Union[OffsetUnit, str]] = ..., project_folder: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class ChangeDocument(_message.Message):
    __slots__ = ("base_version", "version", "changes")
    BASE_VERSION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    base_version: int
    version: int
    changes: _containers.RepeatedCompositeFieldContainer[TextChange]
    def __init__(self, base_version: _Optional[int] = ..., version: _Optional[int] = ..., changes: _Optional[_Iterable[_Union[TextChange, _Mapping]]] = ...) -> None: ...

class TextChange(_message.Message):
    __slots__ = ("start", "end", "text")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    text: bytes
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ..., text: _Optional[bytes] = ...) -> None: ...

class Suggest(_message.Message):
    __slots__ = ("id", "version", "caret", "trigger", "extent", "max_tokens", "alternatives")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CARET_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_FIELD_NUMBER: _ClassVar[int]
    EXTENT_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    id: int
    version: int
    caret: int
    trigger: Trigger
    extent: Extent
    max_tokens: int
    alternatives: int
    def __init__(self, id: _Optional[int] = ..., version: _Optional[int] = ..., caret: _Optional[int] = ..., trigger: _Optional[_Union[Trigger, str]] = ..., extent: _Optional[_Union[Extent, str]] = ..., max_tokens: _Optional[int] = ..., alternatives: _Optional[int] = ...) -> None: ...

class CancelSuggest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: int
    def __init__(self, id: _Optional[int] = ...) -> None: ...

class MoveCaret(_message.Message):
    __slots__ = ("version", "caret")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CARET_FIELD_NUMBER: _ClassVar[int]
    version: int
    caret: int
    def __init__(self, version: _Optional[int] = ..., caret: _Optional[int] = ...) -> None: ...

class AcceptSuggestion(_message.Message):
    __slots__ = ("id", "accepted_bytes")
    ID_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_BYTES_FIELD_NUMBER: _ClassVar[int]
    id: int
    accepted_bytes: int
    def __init__(self, id: _Optional[int] = ..., accepted_bytes: _Optional[int] = ...) -> None: ...

class SaveDocument(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SessionResponse(_message.Message):
    __slots__ = ("resend_text", "suggestions", "suggest_failed")
    RESEND_TEXT_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    SUGGEST_FAILED_FIELD_NUMBER: _ClassVar[int]
    resend_text: ResendText
    suggestions: Suggestions
    suggest_failed: SuggestFailed
    def __init__(self, resend_text: _Optional[_Union[ResendText, _Mapping]] = ..., suggestions: _Optional[_Union[Suggestions, _Mapping]] = ..., suggest_failed: _Optional[_Union[SuggestFailed, _Mapping]] = ...) -> None: ...

class ResendText(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class Suggestions(_message.Message):
    __slots__ = ("id", "suggestions", "is_final", "source", "reason", "figures")
    ID_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    IS_FINAL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    id: int
    suggestions: _containers.RepeatedCompositeFieldContainer[SessionSuggestion]
    is_final: bool
    source: SuggestionSource
    reason: str
    figures: _figures_pb2.Figures
    def __init__(self, id: _Optional[int] = ..., suggestions: _Optional[_Iterable[_Union[SessionSuggestion, _Mapping]]] = ..., is_final: _Optional[bool] = ..., source: _Optional[_Union[SuggestionSource, str]] = ..., reason: _Optional[str] = ..., figures: _Optional[_Union[_figures_pb2.Figures, _Mapping]] = ...) -> None: ...

class SessionSuggestion(_message.Message):
    __slots__ = ("text", "replaces", "confidence")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    text: bytes
    replaces: int
    confidence: float
    def __init__(self, text: _Optional[bytes] = ..., replaces: _Optional[int] = ..., confidence: _Optional[float] = ...) -> None: ...

class SuggestFailed(_message.Message):
    __slots__ = ("id", "reason", "message", "advice")
    ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    id: int
    reason: str
    message: str
    advice: str
    def __init__(self, id: _Optional[int] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., advice: _Optional[str] = ...) -> None: ...
