"""Kept conversations as plain values, and how they are read off the wire."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from rpc.chat import AnswerBegan, AnswerFinished, AnswerText, Speaker
from rpc.enumerations import word_from_wire
from rpc.figures import Figures, figures_from_wire
from rpc.stubs.limpet.v1 import chat_pb2, conversations_pb2


class Shelf(StrEnum):
    """Where a conversation is listed."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETED = "deleted"


class MessageState(StrEnum):
    """Whether a message is whole: `PARTIAL` is being written, or was stopped in the middle."""

    UNSPECIFIED = "unspecified"
    PARTIAL = "partial"
    COMPLETE = "complete"
    FAILED = "failed"


class ExportFormat(StrEnum):
    """How conversations are written to a file; JSON comes back whole, branches and all."""

    JSON = "json"
    MARKDOWN = "markdown"


class Conversation(msgspec.Struct, frozen=True):
    """A conversation without its messages; the fields are those of conversations.proto."""

    id: str
    title: str
    created_ms: int
    updated_ms: int
    pinned: bool
    archived: bool
    deleted_ms: int
    draft: bytes


class KeptAttachment(msgspec.Struct, frozen=True):
    """What came with a message; only `ConversationsClient.message` tells the content."""

    path: str
    content: bytes
    first_line: int
    last_line: int
    size_bytes: int


class Summary(msgspec.Struct, frozen=True):
    """What stands in prompts for the conversation up to the message that has it, that one too."""

    content: bytes
    model: str
    created_ms: int

    @property
    def text(self) -> str:
        """The content for showing."""
        return self.content.decode("utf-8", "replace")


class Message(msgspec.Struct, frozen=True):
    """One message; `alternatives` are the ids of the branches here, this one's among them."""

    id: str
    conversation: str
    parent: str
    author: Speaker
    state: MessageState
    content: bytes
    created_ms: int
    updated_ms: int
    model: str
    failure: str
    figures: Figures | None
    attachments: tuple[KeptAttachment, ...]
    alternatives: tuple[str, ...]
    summary: Summary | None = None

    @property
    def text(self) -> str:
        """The content for showing: what is not valid UTF-8 appears as U+FFFD."""
        return self.content.decode("utf-8", "replace")


class ConversationPage(msgspec.Struct, frozen=True):
    """Some conversations; the cursor of the next page is empty where there is none."""

    conversations: tuple[Conversation, ...]
    cursor: str


class BranchWindow(msgspec.Struct, frozen=True):
    """Some messages of the selected branch, oldest first, and whether it has older ones."""

    conversation: Conversation
    messages: tuple[Message, ...]
    has_older: bool


class SearchHit(msgspec.Struct, frozen=True):
    """A place where a search found something; `message` is empty where it is the title."""

    conversation: str
    title: str
    message: str
    updated_ms: int
    before: str
    match: str
    after: str


class SearchPage(msgspec.Struct, frozen=True):
    """Some hits; the cursor of the next page is empty where there is none."""

    hits: tuple[SearchHit, ...]
    cursor: str


class ImportCount(msgspec.Struct, frozen=True):
    """How much of an import is on the disk."""

    conversations_added: int = 0
    messages_added: int = 0
    messages_known: int = 0
    lines_refused: int = 0


class StorageNumbers(msgspec.Struct, frozen=True):
    """How much is kept, and where."""

    conversations: int
    deleted_conversations: int
    messages: int
    attachments: int
    attachment_bytes: int
    file_bytes: int
    path: str
    sqlite_version: str
    has_index: bool


class AnswerKept(msgspec.Struct, frozen=True):
    """The prompt is accepted, and an answer is kept, still empty."""

    message: Message
    prompt: AnswerBegan


class MessageRemoval(msgspec.Struct, frozen=True):
    """A conversation without a message, and how many messages went with that one, itself too."""

    conversation: Conversation
    removed: int


class ConversationChanges(msgspec.Struct, frozen=True):
    """The ids of conversations that have changed; with `everything` any may have."""

    conversations: frozenset[str]
    everything: bool


ConversationEvent = AnswerKept | AnswerText | AnswerFinished


def conversation_from_wire(message: conversations_pb2.Conversation) -> Conversation:
    """Return a conversation."""
    return Conversation(
        id=message.id,
        title=message.title,
        created_ms=message.created_ms,
        updated_ms=message.updated_ms,
        pinned=message.pinned,
        archived=message.archived,
        deleted_ms=message.deleted_ms,
        draft=message.draft,
    )


def message_from_wire(message: conversations_pb2.Message) -> Message:
    """Return a message."""
    author = Speaker.USER if message.author == chat_pb2.ROLE_USER else Speaker.ASSISTANT
    return Message(
        id=message.id,
        conversation=message.conversation,
        parent=message.parent,
        author=author,
        state=word_from_wire(
            MessageState, conversations_pb2.MessageState, "MESSAGE_STATE", message.state
        ),
        content=message.content,
        created_ms=message.created_ms,
        updated_ms=message.updated_ms,
        model=message.model,
        failure=message.failure,
        figures=figures_from_wire(message.figures) if message.HasField("figures") else None,
        attachments=tuple(
            KeptAttachment(
                path=each.path,
                content=each.content,
                first_line=each.first_line,
                last_line=each.last_line,
                size_bytes=each.size_bytes,
            )
            for each in message.attachments
        ),
        alternatives=tuple(message.alternatives),
        summary=_summary(message.summary) if message.HasField("summary") else None,
    )


def _summary(summary: conversations_pb2.Summary) -> Summary:
    return Summary(summary.content, summary.model, summary.created_ms)


def changes_from_wire(message: conversations_pb2.WatchConversationsResponse) -> ConversationChanges:
    """Return what has changed."""
    return ConversationChanges(frozenset(message.conversations), message.everything)


def hit_from_wire(hit: conversations_pb2.SearchHit) -> SearchHit:
    """Return a place that was found."""
    return SearchHit(
        conversation=hit.conversation,
        title=hit.title,
        message=hit.message,
        updated_ms=hit.updated_ms,
        before=hit.before,
        match=hit.match,
        after=hit.after,
    )


def import_count_from_wire(count: conversations_pb2.ImportConversationsResponse) -> ImportCount:
    """Return how far an import is."""
    return ImportCount(
        conversations_added=count.conversations_added,
        messages_added=count.messages_added,
        messages_known=count.messages_known,
        lines_refused=count.lines_refused,
    )


def storage_from_wire(numbers: conversations_pb2.GetStorageResponse) -> StorageNumbers:
    """Return the store's numbers."""
    return StorageNumbers(
        conversations=numbers.conversations,
        deleted_conversations=numbers.deleted_conversations,
        messages=numbers.messages,
        attachments=numbers.attachments,
        attachment_bytes=numbers.attachment_bytes,
        file_bytes=numbers.file_bytes,
        path=numbers.path,
        sqlite_version=numbers.sqlite_version,
        has_index=numbers.has_index,
    )
