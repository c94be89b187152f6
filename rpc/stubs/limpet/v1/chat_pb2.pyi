from rpc.stubs.limpet.v1 import figures_pb2 as _figures_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_SYSTEM: _ClassVar[Role]
    ROLE_USER: _ClassVar[Role]
    ROLE_ASSISTANT: _ClassVar[Role]

class Overflow(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OVERFLOW_UNSPECIFIED: _ClassVar[Overflow]
    OVERFLOW_REFUSE: _ClassVar[Overflow]
    OVERFLOW_DROP_OLDEST: _ClassVar[Overflow]

class AnswerEnd(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANSWER_END_UNSPECIFIED: _ClassVar[AnswerEnd]
    ANSWER_END_COMPLETE: _ClassVar[AnswerEnd]
    ANSWER_END_LENGTH: _ClassVar[AnswerEnd]
    ANSWER_END_CONTEXT_FULL: _ClassVar[AnswerEnd]
ROLE_UNSPECIFIED: Role
ROLE_SYSTEM: Role
ROLE_USER: Role
ROLE_ASSISTANT: Role
OVERFLOW_UNSPECIFIED: Overflow
OVERFLOW_REFUSE: Overflow
OVERFLOW_DROP_OLDEST: Overflow
ANSWER_END_UNSPECIFIED: AnswerEnd
ANSWER_END_COMPLETE: AnswerEnd
ANSWER_END_LENGTH: AnswerEnd
ANSWER_END_CONTEXT_FULL: AnswerEnd

class Turn(_message.Message):
    __slots__ = ("role", "content")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    role: Role
    content: bytes
    def __init__(self, role: _Optional[_Union[Role, str]] = ..., content: _Optional[bytes] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("path", "content", "first_line", "last_line")
    PATH_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FIRST_LINE_FIELD_NUMBER: _ClassVar[int]
    LAST_LINE_FIELD_NUMBER: _ClassVar[int]
    path: str
    content: bytes
    first_line: int
    last_line: int
    def __init__(self, path: _Optional[str] = ..., content: _Optional[bytes] = ..., first_line: _Optional[int] = ..., last_line: _Optional[int] = ...) -> None: ...

class ChatRequest(_message.Message):
    __slots__ = ("turns", "attachments", "model", "max_tokens", "temperature", "seed", "overflow", "language")
    TURNS_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    OVERFLOW_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    turns: _containers.RepeatedCompositeFieldContainer[Turn]
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    model: str
    max_tokens: int
    temperature: float
    seed: int
    overflow: Overflow
    language: str
    def __init__(self, turns: _Optional[_Iterable[_Union[Turn, _Mapping]]] = ..., attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ..., model: _Optional[str] = ..., max_tokens: _Optional[int] = ..., temperature: _Optional[float] = ..., seed: _Optional[int] = ..., overflow: _Optional[_Union[Overflow, str]] = ..., language: _Optional[str] = ...) -> None: ...

class ChatResponse(_message.Message):
    __slots__ = ("started", "text", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: ChatStarted
    text: bytes
    finished: ChatFinished
    def __init__(self, started: _Optional[_Union[ChatStarted, _Mapping]] = ..., text: _Optional[bytes] = ..., finished: _Optional[_Union[ChatFinished, _Mapping]] = ...) -> None: ...

class ChatStarted(_message.Message):
    __slots__ = ("prompt_tokens", "context_length", "dropped_turns")
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_LENGTH_FIELD_NUMBER: _ClassVar[int]
    DROPPED_TURNS_FIELD_NUMBER: _ClassVar[int]
    prompt_tokens: int
    context_length: int
    dropped_turns: int
    def __init__(self, prompt_tokens: _Optional[int] = ..., context_length: _Optional[int] = ..., dropped_turns: _Optional[int] = ...) -> None: ...

class ChatFinished(_message.Message):
    __slots__ = ("end", "figures")
    END_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    end: AnswerEnd
    figures: _figures_pb2.Figures
    def __init__(self, end: _Optional[_Union[AnswerEnd, str]] = ..., figures: _Optional[_Union[_figures_pb2.Figures, _Mapping]] = ...) -> None: ...
