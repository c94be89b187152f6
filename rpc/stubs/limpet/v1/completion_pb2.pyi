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
EXTENT_UNSPECIFIED: Extent
EXTENT_LINE: Extent
EXTENT_BLOCK: Extent

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
