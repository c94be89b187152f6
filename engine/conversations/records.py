"""What is kept of a conversation, as plain frozen values."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.inference.language_model import Figures

# What a message and its attachments may have together, so that they travel in one frame.
LARGEST_MESSAGE_BYTES = 12 << 20
# A draft travels beside messages.
LARGEST_DRAFT_BYTES = 2 << 20


class Author(StrEnum):
    """Who wrote a message."""

    USER = "user"
    ASSISTANT = "assistant"


class MessageState(StrEnum):
    """Whether a message is whole: `PARTIAL` is being written, or was stopped in the middle."""

    PARTIAL = "partial"
    COMPLETE = "complete"
    FAILED = "failed"


class Shelf(StrEnum):
    """Where a conversation is listed."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETED = "deleted"


class Conversation(msgspec.Struct, frozen=True):
    """A conversation without its messages. Times in milliseconds since 1970; 0 means never."""

    id: str
    title: str
    created_ms: int
    updated_ms: int
    is_pinned: bool = False
    is_archived: bool = False
    deleted_ms: int = 0
    draft: bytes = b""


class KeptAttachment(msgspec.Struct, frozen=True):
    """A file, or some lines of one (0, 0: the whole); `content` is None where it was not asked for.

    `size_bytes` is that of the content.
    """

    path: str
    content: bytes | None
    first_line: int = 0
    last_line: int = 0
    size_bytes: int = 0


class Summary(msgspec.Struct, frozen=True):
    """What stands for a branch up to the message that has it, that one too; `model` wrote it."""

    content: bytes
    model: str
    created_ms: int


class Message(msgspec.Struct, frozen=True):
    """One message. `parent` is empty for one that begins the conversation.

    `alternatives` are the ids of all messages with the same parent, this one too, oldest first.
    """

    id: str
    conversation: str
    parent: str
    author: Author
    state: MessageState
    content: bytes
    created_ms: int
    updated_ms: int
    model: str = ""
    failure: str = ""
    figures: Figures | None = None
    attachments: tuple[KeptAttachment, ...] = ()
    alternatives: tuple[str, ...] = ()
    summary: Summary | None = None


class NewMessage(msgspec.Struct, frozen=True):
    """What a user sends. An empty id lets the store make one; a known one is not kept twice."""

    content: bytes
    attachments: tuple[KeptAttachment, ...] = ()
    id: str = ""


class BranchWindow(msgspec.Struct, frozen=True):
    """Some messages of the selected branch, oldest first, and whether older ones exist."""

    conversation: Conversation
    messages: tuple[Message, ...]
    has_older: bool


class MessageRemoval(msgspec.Struct, frozen=True):
    """A conversation without a message, and how many messages went with that one, itself too."""

    conversation: Conversation
    removed: int


class ConversationPage(msgspec.Struct, frozen=True):
    """Some conversations, and the cursor behind the last one; empty where there are no more."""

    conversations: tuple[Conversation, ...]
    cursor: str


class Hit(msgspec.Struct, frozen=True):
    """A place where a search found something; `message` is empty where it is the title.

    `before`, `match` and `after` are the text around it.
    """

    conversation: str
    title: str
    message: str
    updated_ms: int
    before: str
    match: str
    after: str


class HitPage(msgspec.Struct, frozen=True):
    """Some hits, newest first, and the cursor behind the last one; empty where no more."""

    hits: tuple[Hit, ...]
    cursor: str


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


class ImportCount(msgspec.Struct, frozen=True):
    """How far an import is: what was new and what was there already."""

    conversations_added: int = 0
    messages_added: int = 0
    messages_known: int = 0
    lines_refused: int = 0
