"""Kept conversations as lines of a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from rpc.client import Limpet
from rpc.conversation_records import Conversation, Message, SearchHit
from rpc.documents import text_of
from rpc.visible_text import visible

# So much of an id tells most conversations apart.
SHORT_ID = 8


def moment(milliseconds: int) -> str:
    """Return a time as the user's clock shows it."""
    when = datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone()
    return f"{when:%Y-%m-%d %H:%M}"


def row_of(conversation: Conversation) -> tuple[str, ...]:
    """Return a conversation's row of a table."""
    title = " ".join(conversation.title.split())
    pinned = "pinned " if conversation.pinned else ""
    return (
        visible(short_id(conversation.id)),
        moment(conversation.updated_ms),
        pinned + (visible(title) or "(nothing said)"),
    )


def short_id(name: str) -> str:
    """Return as much of an id as is written mostly; ids of imported files begin alike."""
    begin = name.rfind("-") + 1 if name.startswith("md-") else 0
    return name[: begin + SHORT_ID]


def conversation_object(conversation: Conversation) -> dict[str, object]:
    """Return a conversation for JSON."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created_ms": conversation.created_ms,
        "updated_ms": conversation.updated_ms,
        "pinned": conversation.pinned,
        "archived": conversation.archived,
        "deleted_ms": conversation.deleted_ms,
    }


def messages_of(engine: Limpet, conversation: str) -> list[Message]:
    """Return the messages of the selected branch, oldest first."""
    messages: list[Message] = []
    before = ""
    while True:
        window = engine.conversations.window(conversation, before=before)
        messages[:0] = window.messages
        if not window.has_older:
            return messages
        before = messages[0].id


def message_object(message: Message) -> Mapping[str, object]:
    """Return a message for JSON."""
    return {
        "id": message.id,
        "author": message.author.value,
        "state": message.state.value,
        "text": text_of(message.content),
        "created_ms": message.created_ms,
        "model": message.model,
        "failure": message.failure,
        "attachments": [
            {"path": each.path, "first_line": each.first_line, "last_line": each.last_line}
            for each in message.attachments
        ],
        "alternatives": list(message.alternatives),
        "summary": None if message.summary is None else text_of(message.summary.content),
    }


def hit_lines(hit: SearchHit, mark: str) -> Iterator[str]:
    """Yield the lines of a place where something was found; `mark` is the found text, styled."""
    yield f"{visible(short_id(hit.conversation))}  {moment(hit.updated_ms)}  {visible(hit.title)}"
    if hit.message:
        before, after = (" ".join(text.split("\n")) for text in (hit.before, hit.after))
        yield f"    {visible(before)}{mark}{visible(after)}"
