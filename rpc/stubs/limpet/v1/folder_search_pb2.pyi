from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SearchFolderRequest(_message.Message):
    __slots__ = ("folder", "question", "size", "most_bytes")
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    MOST_BYTES_FIELD_NUMBER: _ClassVar[int]
    folder: bytes
    question: bytes
    size: int
    most_bytes: int
    def __init__(self, folder: _Optional[bytes] = ..., question: _Optional[bytes] = ..., size: _Optional[int] = ..., most_bytes: _Optional[int] = ...) -> None: ...

class SearchFolderResponse(_message.Message):
    __slots__ = ("passages", "files", "is_cut")
    PASSAGES_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    IS_CUT_FIELD_NUMBER: _ClassVar[int]
    passages: _containers.RepeatedCompositeFieldContainer[Passage]
    files: int
    is_cut: bool
    def __init__(self, passages: _Optional[_Iterable[_Union[Passage, _Mapping]]] = ..., files: _Optional[int] = ..., is_cut: _Optional[bool] = ...) -> None: ...

class Passage(_message.Message):
    __slots__ = ("path", "first_line", "last_line", "content", "symbol", "score")
    PATH_FIELD_NUMBER: _ClassVar[int]
    FIRST_LINE_FIELD_NUMBER: _ClassVar[int]
    LAST_LINE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    path: str
    first_line: int
    last_line: int
    content: bytes
    symbol: str
    score: float
    def __init__(self, path: _Optional[str] = ..., first_line: _Optional[int] = ..., last_line: _Optional[int] = ..., content: _Optional[bytes] = ..., symbol: _Optional[str] = ..., score: _Optional[float] = ...) -> None: ...
