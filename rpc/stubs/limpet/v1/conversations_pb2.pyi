from rpc.stubs.limpet.v1 import chat_pb2 as _chat_pb2
from rpc.stubs.limpet.v1 import figures_pb2 as _figures_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Shelf(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SHELF_UNSPECIFIED: _ClassVar[Shelf]
    SHELF_ACTIVE: _ClassVar[Shelf]
    SHELF_ARCHIVED: _ClassVar[Shelf]
    SHELF_DELETED: _ClassVar[Shelf]

class MessageState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MESSAGE_STATE_UNSPECIFIED: _ClassVar[MessageState]
    MESSAGE_STATE_PARTIAL: _ClassVar[MessageState]
    MESSAGE_STATE_COMPLETE: _ClassVar[MessageState]
    MESSAGE_STATE_FAILED: _ClassVar[MessageState]

class ExportFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXPORT_FORMAT_UNSPECIFIED: _ClassVar[ExportFormat]
    EXPORT_FORMAT_JSON: _ClassVar[ExportFormat]
    EXPORT_FORMAT_MARKDOWN: _ClassVar[ExportFormat]

class MeasuredKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEASURED_KIND_UNSPECIFIED: _ClassVar[MeasuredKind]
    MEASURED_KIND_INSTRUCTIONS: _ClassVar[MeasuredKind]
    MEASURED_KIND_MESSAGE: _ClassVar[MeasuredKind]
    MEASURED_KIND_KEPT_ATTACHMENT: _ClassVar[MeasuredKind]
    MEASURED_KIND_ATTACHMENT: _ClassVar[MeasuredKind]
    MEASURED_KIND_DRAFT: _ClassVar[MeasuredKind]
    MEASURED_KIND_FORM: _ClassVar[MeasuredKind]
    MEASURED_KIND_SUMMARY: _ClassVar[MeasuredKind]
SHELF_UNSPECIFIED: Shelf
SHELF_ACTIVE: Shelf
SHELF_ARCHIVED: Shelf
SHELF_DELETED: Shelf
MESSAGE_STATE_UNSPECIFIED: MessageState
MESSAGE_STATE_PARTIAL: MessageState
MESSAGE_STATE_COMPLETE: MessageState
MESSAGE_STATE_FAILED: MessageState
EXPORT_FORMAT_UNSPECIFIED: ExportFormat
EXPORT_FORMAT_JSON: ExportFormat
EXPORT_FORMAT_MARKDOWN: ExportFormat
MEASURED_KIND_UNSPECIFIED: MeasuredKind
MEASURED_KIND_INSTRUCTIONS: MeasuredKind
MEASURED_KIND_MESSAGE: MeasuredKind
MEASURED_KIND_KEPT_ATTACHMENT: MeasuredKind
MEASURED_KIND_ATTACHMENT: MeasuredKind
MEASURED_KIND_DRAFT: MeasuredKind
MEASURED_KIND_FORM: MeasuredKind
MEASURED_KIND_SUMMARY: MeasuredKind

class Conversation(_message.Message):
    __slots__ = ("id", "title", "created_ms", "updated_ms", "pinned", "archived", "deleted_ms", "draft")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CREATED_MS_FIELD_NUMBER: _ClassVar[int]
    UPDATED_MS_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    DELETED_MS_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    created_ms: int
    updated_ms: int
    pinned: bool
    archived: bool
    deleted_ms: int
    draft: bytes
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., created_ms: _Optional[int] = ..., updated_ms: _Optional[int] = ..., pinned: _Optional[bool] = ..., archived: _Optional[bool] = ..., deleted_ms: _Optional[int] = ..., draft: _Optional[bytes] = ...) -> None: ...

class KeptAttachment(_message.Message):
    __slots__ = ("path", "content", "first_line", "last_line", "size_bytes")
    PATH_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FIRST_LINE_FIELD_NUMBER: _ClassVar[int]
    LAST_LINE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    path: str
    content: bytes
    first_line: int
    last_line: int
    size_bytes: int
    def __init__(self, path: _Optional[str] = ..., content: _Optional[bytes] = ..., first_line: _Optional[int] = ..., last_line: _Optional[int] = ..., size_bytes: _Optional[int] = ...) -> None: ...

class Message(_message.Message):
    __slots__ = ("id", "conversation", "parent", "author", "state", "content", "created_ms", "updated_ms", "model", "failure", "figures", "attachments", "alternatives", "summary")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CREATED_MS_FIELD_NUMBER: _ClassVar[int]
    UPDATED_MS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    id: str
    conversation: str
    parent: str
    author: _chat_pb2.Role
    state: MessageState
    content: bytes
    created_ms: int
    updated_ms: int
    model: str
    failure: str
    figures: _figures_pb2.Figures
    attachments: _containers.RepeatedCompositeFieldContainer[KeptAttachment]
    alternatives: _containers.RepeatedScalarFieldContainer[str]
    summary: Summary
    def __init__(self, id: _Optional[str] = ..., conversation: _Optional[str] = ..., parent: _Optional[str] = ..., author: _Optional[_Union[_chat_pb2.Role, str]] = ..., state: _Optional[_Union[MessageState, str]] = ..., content: _Optional[bytes] = ..., created_ms: _Optional[int] = ..., updated_ms: _Optional[int] = ..., model: _Optional[str] = ..., failure: _Optional[str] = ..., figures: _Optional[_Union[_figures_pb2.Figures, _Mapping]] = ..., attachments: _Optional[_Iterable[_Union[KeptAttachment, _Mapping]]] = ..., alternatives: _Optional[_Iterable[str]] = ..., summary: _Optional[_Union[Summary, _Mapping]] = ...) -> None: ...

class Summary(_message.Message):
    __slots__ = ("content", "model", "created_ms")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    CREATED_MS_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    model: str
    created_ms: int
    def __init__(self, content: _Optional[bytes] = ..., model: _Optional[str] = ..., created_ms: _Optional[int] = ...) -> None: ...

class ListConversationsRequest(_message.Message):
    __slots__ = ("shelf", "size", "cursor")
    SHELF_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    shelf: Shelf
    size: int
    cursor: str
    def __init__(self, shelf: _Optional[_Union[Shelf, str]] = ..., size: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListConversationsResponse(_message.Message):
    __slots__ = ("conversations", "cursor")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedCompositeFieldContainer[Conversation]
    cursor: str
    def __init__(self, conversations: _Optional[_Iterable[_Union[Conversation, _Mapping]]] = ..., cursor: _Optional[str] = ...) -> None: ...

class GetConversationRequest(_message.Message):
    __slots__ = ("conversation", "before", "size")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    before: str
    size: int
    def __init__(self, conversation: _Optional[str] = ..., before: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...

class GetConversationResponse(_message.Message):
    __slots__ = ("conversation", "messages", "has_older")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    HAS_OLDER_FIELD_NUMBER: _ClassVar[int]
    conversation: Conversation
    messages: _containers.RepeatedCompositeFieldContainer[Message]
    has_older: bool
    def __init__(self, conversation: _Optional[_Union[Conversation, _Mapping]] = ..., messages: _Optional[_Iterable[_Union[Message, _Mapping]]] = ..., has_older: _Optional[bool] = ...) -> None: ...

class GetMessageRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class GetMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class CreateConversationRequest(_message.Message):
    __slots__ = ("conversation", "title")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    title: str
    def __init__(self, conversation: _Optional[str] = ..., title: _Optional[str] = ...) -> None: ...

class CreateConversationResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: Conversation
    def __init__(self, conversation: _Optional[_Union[Conversation, _Mapping]] = ...) -> None: ...

class UpdateConversationRequest(_message.Message):
    __slots__ = ("conversation", "title", "draft", "pinned", "archived")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    ARCHIVED_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    title: str
    draft: bytes
    pinned: bool
    archived: bool
    def __init__(self, conversation: _Optional[str] = ..., title: _Optional[str] = ..., draft: _Optional[bytes] = ..., pinned: _Optional[bool] = ..., archived: _Optional[bool] = ...) -> None: ...

class UpdateConversationResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: Conversation
    def __init__(self, conversation: _Optional[_Union[Conversation, _Mapping]] = ...) -> None: ...

class NewMessage(_message.Message):
    __slots__ = ("id", "content", "attachments")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    content: bytes
    attachments: _containers.RepeatedCompositeFieldContainer[_chat_pb2.Attachment]
    def __init__(self, id: _Optional[str] = ..., content: _Optional[bytes] = ..., attachments: _Optional[_Iterable[_Union[_chat_pb2.Attachment, _Mapping]]] = ...) -> None: ...

class AppendMessageRequest(_message.Message):
    __slots__ = ("conversation", "parent", "message")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    parent: str
    message: NewMessage
    def __init__(self, conversation: _Optional[str] = ..., parent: _Optional[str] = ..., message: _Optional[_Union[NewMessage, _Mapping]] = ...) -> None: ...

class AppendMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class EditMessageRequest(_message.Message):
    __slots__ = ("replaces", "message")
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    replaces: str
    message: NewMessage
    def __init__(self, replaces: _Optional[str] = ..., message: _Optional[_Union[NewMessage, _Mapping]] = ...) -> None: ...

class EditMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class SelectBranchRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class SelectBranchResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class AnswerRequest(_message.Message):
    __slots__ = ("conversation", "message", "model", "max_tokens", "temperature", "seed", "overflow", "language")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    OVERFLOW_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    message: str
    model: str
    max_tokens: int
    temperature: float
    seed: int
    overflow: _chat_pb2.Overflow
    language: str
    def __init__(self, conversation: _Optional[str] = ..., message: _Optional[str] = ..., model: _Optional[str] = ..., max_tokens: _Optional[int] = ..., temperature: _Optional[float] = ..., seed: _Optional[int] = ..., overflow: _Optional[_Union[_chat_pb2.Overflow, str]] = ..., language: _Optional[str] = ...) -> None: ...

class AnswerResponse(_message.Message):
    __slots__ = ("started", "text", "finished")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    started: AnswerStarted
    text: bytes
    finished: _chat_pb2.ChatFinished
    def __init__(self, started: _Optional[_Union[AnswerStarted, _Mapping]] = ..., text: _Optional[bytes] = ..., finished: _Optional[_Union[_chat_pb2.ChatFinished, _Mapping]] = ...) -> None: ...

class AnswerStarted(_message.Message):
    __slots__ = ("message", "prompt")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    message: Message
    prompt: _chat_pb2.ChatStarted
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ..., prompt: _Optional[_Union[_chat_pb2.ChatStarted, _Mapping]] = ...) -> None: ...

class DeleteConversationRequest(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    def __init__(self, conversation: _Optional[str] = ...) -> None: ...

class DeleteConversationResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: Conversation
    def __init__(self, conversation: _Optional[_Union[Conversation, _Mapping]] = ...) -> None: ...

class UndeleteConversationRequest(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    def __init__(self, conversation: _Optional[str] = ...) -> None: ...

class UndeleteConversationResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: Conversation
    def __init__(self, conversation: _Optional[_Union[Conversation, _Mapping]] = ...) -> None: ...

class PurgeConversationsRequest(_message.Message):
    __slots__ = ("conversations",)
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, conversations: _Optional[_Iterable[str]] = ...) -> None: ...

class PurgeConversationsResponse(_message.Message):
    __slots__ = ("removed",)
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    removed: int
    def __init__(self, removed: _Optional[int] = ...) -> None: ...

class SearchConversationsRequest(_message.Message):
    __slots__ = ("query", "size", "cursor")
    QUERY_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    query: str
    size: int
    cursor: str
    def __init__(self, query: _Optional[str] = ..., size: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class SearchConversationsResponse(_message.Message):
    __slots__ = ("hits", "cursor")
    HITS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    hits: _containers.RepeatedCompositeFieldContainer[SearchHit]
    cursor: str
    def __init__(self, hits: _Optional[_Iterable[_Union[SearchHit, _Mapping]]] = ..., cursor: _Optional[str] = ...) -> None: ...

class SearchHit(_message.Message):
    __slots__ = ("conversation", "title", "message", "updated_ms", "before", "match", "after")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    UPDATED_MS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    title: str
    message: str
    updated_ms: int
    before: str
    match: str
    after: str
    def __init__(self, conversation: _Optional[str] = ..., title: _Optional[str] = ..., message: _Optional[str] = ..., updated_ms: _Optional[int] = ..., before: _Optional[str] = ..., match: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...

class ExportConversationsRequest(_message.Message):
    __slots__ = ("conversations", "format")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedScalarFieldContainer[str]
    format: ExportFormat
    def __init__(self, conversations: _Optional[_Iterable[str]] = ..., format: _Optional[_Union[ExportFormat, str]] = ...) -> None: ...

class ExportConversationsResponse(_message.Message):
    __slots__ = ("content",)
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    def __init__(self, content: _Optional[bytes] = ...) -> None: ...

class ImportConversationsRequest(_message.Message):
    __slots__ = ("content",)
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    def __init__(self, content: _Optional[bytes] = ...) -> None: ...

class ImportConversationsResponse(_message.Message):
    __slots__ = ("conversations_added", "messages_added", "messages_known", "lines_refused")
    CONVERSATIONS_ADDED_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_ADDED_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_KNOWN_FIELD_NUMBER: _ClassVar[int]
    LINES_REFUSED_FIELD_NUMBER: _ClassVar[int]
    conversations_added: int
    messages_added: int
    messages_known: int
    lines_refused: int
    def __init__(self, conversations_added: _Optional[int] = ..., messages_added: _Optional[int] = ..., messages_known: _Optional[int] = ..., lines_refused: _Optional[int] = ...) -> None: ...

class GetStorageRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStorageResponse(_message.Message):
    __slots__ = ("conversations", "deleted_conversations", "messages", "attachments", "attachment_bytes", "file_bytes", "path", "sqlite_version", "has_index")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    DELETED_CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENT_BYTES_FIELD_NUMBER: _ClassVar[int]
    FILE_BYTES_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SQLITE_VERSION_FIELD_NUMBER: _ClassVar[int]
    HAS_INDEX_FIELD_NUMBER: _ClassVar[int]
    conversations: int
    deleted_conversations: int
    messages: int
    attachments: int
    attachment_bytes: int
    file_bytes: int
    path: str
    sqlite_version: str
    has_index: bool
    def __init__(self, conversations: _Optional[int] = ..., deleted_conversations: _Optional[int] = ..., messages: _Optional[int] = ..., attachments: _Optional[int] = ..., attachment_bytes: _Optional[int] = ..., file_bytes: _Optional[int] = ..., path: _Optional[str] = ..., sqlite_version: _Optional[str] = ..., has_index: _Optional[bool] = ...) -> None: ...

class DeleteMessageRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class DeleteMessageResponse(_message.Message):
    __slots__ = ("conversation", "removed")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    conversation: Conversation
    removed: int
    def __init__(self, conversation: _Optional[_Union[Conversation, _Mapping]] = ..., removed: _Optional[int] = ...) -> None: ...

class UndeleteMessageRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class UndeleteMessageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class MeasuredPart(_message.Message):
    __slots__ = ("kind", "tokens", "message", "attachment", "place", "left_out")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENT_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    kind: MeasuredKind
    tokens: int
    message: str
    attachment: int
    place: str
    left_out: bool
    def __init__(self, kind: _Optional[_Union[MeasuredKind, str]] = ..., tokens: _Optional[int] = ..., message: _Optional[str] = ..., attachment: _Optional[int] = ..., place: _Optional[str] = ..., left_out: _Optional[bool] = ...) -> None: ...

class MeasurePromptRequest(_message.Message):
    __slots__ = ("conversation", "parent", "content", "attachments", "model", "max_tokens", "language")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    parent: str
    content: bytes
    attachments: _containers.RepeatedCompositeFieldContainer[_chat_pb2.Attachment]
    model: str
    max_tokens: int
    language: str
    def __init__(self, conversation: _Optional[str] = ..., parent: _Optional[str] = ..., content: _Optional[bytes] = ..., attachments: _Optional[_Iterable[_Union[_chat_pb2.Attachment, _Mapping]]] = ..., model: _Optional[str] = ..., max_tokens: _Optional[int] = ..., language: _Optional[str] = ...) -> None: ...

class MeasurePromptResponse(_message.Message):
    __slots__ = ("parts", "needed_tokens", "answer_tokens", "context_length", "fits", "model")
    PARTS_FIELD_NUMBER: _ClassVar[int]
    NEEDED_TOKENS_FIELD_NUMBER: _ClassVar[int]
    ANSWER_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_LENGTH_FIELD_NUMBER: _ClassVar[int]
    FITS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    parts: _containers.RepeatedCompositeFieldContainer[MeasuredPart]
    needed_tokens: int
    answer_tokens: int
    context_length: int
    fits: bool
    model: str
    def __init__(self, parts: _Optional[_Iterable[_Union[MeasuredPart, _Mapping]]] = ..., needed_tokens: _Optional[int] = ..., answer_tokens: _Optional[int] = ..., context_length: _Optional[int] = ..., fits: _Optional[bool] = ..., model: _Optional[str] = ...) -> None: ...

class WriteTitleRequest(_message.Message):
    __slots__ = ("conversation", "model", "language")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    model: str
    language: str
    def __init__(self, conversation: _Optional[str] = ..., model: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class WriteTitleResponse(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: Conversation
    def __init__(self, conversation: _Optional[_Union[Conversation, _Mapping]] = ...) -> None: ...

class SummariseRequest(_message.Message):
    __slots__ = ("conversation", "message", "model", "language")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    message: str
    model: str
    language: str
    def __init__(self, conversation: _Optional[str] = ..., message: _Optional[str] = ..., model: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class SummariseResponse(_message.Message):
    __slots__ = ("progress", "message")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    progress: SummaryProgress
    message: Message
    def __init__(self, progress: _Optional[_Union[SummaryProgress, _Mapping]] = ..., message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class SummaryProgress(_message.Message):
    __slots__ = ("done_parts", "parts")
    DONE_PARTS_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    done_parts: int
    parts: int
    def __init__(self, done_parts: _Optional[int] = ..., parts: _Optional[int] = ...) -> None: ...

class DeleteSummaryRequest(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class DeleteSummaryResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: Message
    def __init__(self, message: _Optional[_Union[Message, _Mapping]] = ...) -> None: ...

class WatchConversationsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WatchConversationsResponse(_message.Message):
    __slots__ = ("conversations", "everything")
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    EVERYTHING_FIELD_NUMBER: _ClassVar[int]
    conversations: _containers.RepeatedScalarFieldContainer[str]
    everything: bool
    def __init__(self, conversations: _Optional[_Iterable[str]] = ..., everything: _Optional[bool] = ...) -> None: ...
