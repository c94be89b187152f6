"""Messages as rows of the file: read whole, written once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from engine.conversations.records import Author, KeptAttachment, Message, MessageState, Summary
from engine.errors import ConversationNotFound
from engine.inference.language_model import Figures

_SELECT = """
SELECT message.number, message.id, conversation.id, coalesce(above.id, ''), message.speaker,
  message.state, message.content, message.created_ms, message.updated_ms, message.model,
  message.failure, message.figures, message.conversation, message.parent
FROM message
JOIN conversation ON conversation.number = message.conversation
LEFT JOIN message AS above ON above.number = message.parent
WHERE message.number = ?
"""


class Place(msgspec.Struct, frozen=True):
    """Where a message stands in the file."""

    number: int
    conversation: int
    parent: int | None
    author: Author


def place_of(
    connection: sqlite3.Connection, message_id: str, *, with_deleted: bool = False
) -> Place:
    """Return where a message stands. Raises ConversationNotFound, for a deleted one as well."""
    row = connection.execute(
        "SELECT number, conversation, parent, speaker, deleted_with FROM message WHERE id = ?",
        (message_id,),
    ).fetchone()
    if row is None or (row[4] is not None and not with_deleted):
        raise ConversationNotFound("There is no such message.")
    return Place(row[0], row[1], row[2], Author(row[3]))


def is_known(connection: sqlite3.Connection, message_id: str) -> bool:
    """Return whether a message of that id is kept."""
    row = connection.execute("SELECT 1 FROM message WHERE id = ?", (message_id,)).fetchone()
    return row is not None


def is_deleted(connection: sqlite3.Connection, number: int) -> bool:
    """Return whether a message is deleted, by itself or with one before it."""
    row = connection.execute("SELECT deleted_with FROM message WHERE number = ?", (number,))
    return row.fetchone()[0] is not None


def insert(
    connection: sqlite3.Connection, message: Message, place: Place, *, is_sealed: bool
) -> int:
    """Write a message in the middle of a transaction and return its number."""
    cursor = connection.execute(
        "INSERT INTO message (id, conversation, parent, speaker, state, created_ms, updated_ms, "
        "is_sealed, model, failure, figures, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            message.id,
            place.conversation,
            place.parent,
            message.author,
            message.state,
            message.created_ms,
            message.updated_ms,
            is_sealed,
            message.model,
            message.failure,
            figures_text(message),
            message.content,
        ),
    )
    number = int(cursor.lastrowid or 0)
    connection.executemany(
        "INSERT INTO attachment (message, path, first_line, last_line, content) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (number, each.path, each.first_line, each.last_line, each.content or b"")
            for each in message.attachments
        ],
    )
    return number


def figures_text(message: Message) -> str:
    """Return a message's figures as they are kept."""
    return "" if message.figures is None else msgspec.json.encode(message.figures).decode()


def read(
    connection: sqlite3.Connection, numbers: Sequence[int], *, with_attached: bool
) -> tuple[Message, ...]:
    """Return messages in the order of their numbers given, attachments' contents if wanted."""
    return tuple(_message(connection, number, with_attached) for number in numbers)


def _message(connection: sqlite3.Connection, number: int, with_attached: bool) -> Message:
    row: tuple[Any, ...] = connection.execute(_SELECT, (number,)).fetchone()
    conversation, parent = row[12:14]
    return Message(
        id=row[1],
        conversation=row[2],
        parent=row[3],
        author=Author(row[4]),
        state=MessageState(row[5]),
        content=row[6],
        created_ms=row[7],
        updated_ms=row[8],
        model=row[9],
        failure=row[10],
        figures=msgspec.json.decode(row[11], type=Figures) if row[11] else None,
        attachments=_attachments(connection, number, with_attached),
        alternatives=tuple(
            each[0]
            for each in connection.execute(
                "SELECT id FROM message WHERE conversation = ? AND parent IS ? "
                "AND deleted_with IS NULL ORDER BY number",
                (conversation, parent),
            )
        ),
        summary=_summary(connection, number),
    )


def _summary(connection: sqlite3.Connection, number: int) -> Summary | None:
    row = connection.execute(
        "SELECT content, model, created_ms FROM summary WHERE message = ?", (number,)
    ).fetchone()
    return None if row is None else Summary(*row)


def _attachments(
    connection: sqlite3.Connection, number: int, with_content: bool
) -> tuple[KeptAttachment, ...]:
    content = "content" if with_content else "NULL"
    rows = connection.execute(
        f"SELECT path, {content}, first_line, last_line, length(content) "  # noqa: S608
        "FROM attachment WHERE message = ? ORDER BY number",
        (number,),
    )
    return tuple(KeptAttachment(*row) for row in rows)
