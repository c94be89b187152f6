"""The form in which conversations travel: JSON, a heading and then one conversation a line."""

from __future__ import annotations

import msgspec

from engine.conversations.records import Author, KeptAttachment, Message, MessageState
from engine.inference.language_model import Figures

FORMAT = "limpet-conversations"
VERSION = 1


class Heading(msgspec.Struct, frozen=True):
    """The file's first line."""

    format: str
    version: int


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """A content: `text` where it is UTF-8, else `base64`."""

    text: str | None = None
    base64: bytes | None = None

    @property
    def content(self) -> bytes:
        """The content as it was."""
        return (self.base64 or b"") if self.text is None else self.text.encode()


class AttachmentEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attachment."""

    path: str
    content: Text
    first_line: int = 0
    last_line: int = 0


class MessageEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message; `parent` is the id of an entry above it. `is_chosen`: on its parent's branch."""

    id: str
    author: Author
    state: MessageState
    content: Text
    created_ms: int
    updated_ms: int
    parent: str = ""
    is_chosen: bool = False
    model: str = ""
    failure: str = ""
    figures: Figures | None = None
    attachments: tuple[AttachmentEntry, ...] = ()


class ConversationEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation with all its messages, parents before their children."""

    id: str
    title: str
    created_ms: int
    updated_ms: int
    is_pinned: bool = False
    is_archived: bool = False
    draft: Text = Text()
    messages: tuple[MessageEntry, ...] = ()


def heading_line() -> bytes:
    """Return the file's first line."""
    return msgspec.json.encode(Heading(FORMAT, VERSION)) + b"\n"


def text_of(content: bytes) -> Text:
    """Return a content for the file."""
    try:
        return Text(text=content.decode())
    except UnicodeDecodeError:
        return Text(base64=content)


def entry_of(message: Message, *, is_chosen: bool) -> MessageEntry:
    """Return a message for the file."""
    return MessageEntry(
        id=message.id,
        author=message.author,
        state=message.state,
        content=text_of(message.content),
        created_ms=message.created_ms,
        updated_ms=message.updated_ms,
        parent=message.parent,
        is_chosen=is_chosen,
        model=message.model,
        failure=message.failure,
        figures=message.figures,
        attachments=tuple(
            AttachmentEntry(
                each.path, text_of(each.content or b""), each.first_line, each.last_line
            )
            for each in message.attachments
        ),
    )


def message_of(entry: MessageEntry) -> Message:
    """Return the message of an entry."""
    return Message(
        id=entry.id,
        conversation="",
        parent=entry.parent,
        author=entry.author,
        state=entry.state,
        content=entry.content.content,
        created_ms=entry.created_ms,
        updated_ms=entry.updated_ms,
        model=entry.model,
        failure=entry.failure,
        figures=entry.figures,
        attachments=tuple(
            KeptAttachment(each.path, each.content.content, each.first_line, each.last_line)
            for each in entry.attachments
        ),
    )
