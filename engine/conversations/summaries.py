"""Keeps what stands for a branch's beginning, with the last message that it stands for."""

from __future__ import annotations

from engine.conversations.database import Database
from engine.conversations.message_rows import place_of
from engine.conversations.message_tree import get
from engine.conversations.records import Author, Message
from engine.errors import InvalidInput


def keep_summary(database: Database, message_id: str, content: bytes, model: str) -> Message:
    """Keep a summary of all messages up to an answer, instead of one that is there."""
    with database.transaction() as connection:
        place = place_of(connection, message_id)
        if place.author is not Author.ASSISTANT:
            raise InvalidInput("A summary ends with an answer: the next message is the user's.")
        sealed = "SELECT is_sealed FROM message WHERE number = ?"
        if not connection.execute(sealed, (place.number,)).fetchone()[0]:
            raise InvalidInput("The answer is still being written.")
        connection.execute(
            "INSERT INTO summary (message, content, model, created_ms) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (message) DO UPDATE SET content = excluded.content, "
            "model = excluded.model, created_ms = excluded.created_ms",
            (place.number, content, model, database.clock()),
        )
    return get(database, message_id)


def delete_summary(database: Database, message_id: str) -> Message:
    """Remove a message's summary; nothing happens where it has none."""
    with database.transaction() as connection:
        number = place_of(connection, message_id).number
        connection.execute("DELETE FROM summary WHERE message = ?", (number,))
    return get(database, message_id)
