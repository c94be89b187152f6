"""Keeps the search index in step with the messages."""

from __future__ import annotations

from engine.conversations.database import Database

# A batch holds up whoever comes meanwhile, for about 50 ms.
_BATCH = 50


def index_message(database: Database, number: int) -> None:
    """Take a message into the index, in the middle of a transaction."""
    if not database.has_index:
        return  # it stays marked, for an SQLite that can
    database.connection.execute(
        "INSERT INTO message_index (rowid, content) "
        "SELECT number, content FROM message_text WHERE number = ?",
        (number,),
    )
    database.connection.execute("UPDATE message SET is_indexed = 1 WHERE number = ?", (number,))


def index_next(database: Database) -> bool:
    """Take some messages in that are not indexed yet; return whether there may be more."""
    if not database.has_index:
        return False
    waiting = [
        row[0]
        for row in database.connection.execute(
            "SELECT number FROM message WHERE is_indexed = 0 AND is_sealed LIMIT ?", (_BATCH,)
        )
    ]
    if waiting:
        with database.transaction():
            for number in waiting:
                index_message(database, number)
    return len(waiting) == _BATCH


def forget_messages(database: Database, first: int) -> None:
    """Take a message and all that follows it out of the index, in the middle of a transaction."""
    if not database.has_index:
        return  # as below
    database.connection.execute(
        "WITH RECURSIVE behind (number) AS (SELECT ? UNION ALL "
        "SELECT message.number FROM behind JOIN message ON message.parent = behind.number) "
        "INSERT INTO message_index (message_index, rowid, content) "
        "SELECT 'delete', message.number, message_text.content FROM message "
        "JOIN message_text ON message_text.number = message.number "
        "WHERE message.number IN (SELECT number FROM behind) AND message.is_indexed",
        (first,),
    )


def forget_conversation(database: Database, conversation: int) -> None:
    """Take a conversation's messages out of the index, in the middle of a transaction."""
    if not database.has_index:
        return  # what stays behind names numbers that are never used again
    database.connection.execute(
        "INSERT INTO message_index (message_index, rowid, content) "
        "SELECT 'delete', message.number, message_text.content FROM message "
        "JOIN message_text ON message_text.number = message.number "
        "WHERE message.conversation = ? AND message.is_indexed",
        (conversation,),
    )
