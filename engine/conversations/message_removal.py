"""Takes messages with all that follows them out of a tree, and brings them back."""

from __future__ import annotations

import sqlite3

from engine.conversations import message_rows, shelves
from engine.conversations.database import Database
from engine.conversations.message_rows import Place, place_of
from engine.conversations.message_tree import choose, get
from engine.conversations.records import Message, MessageRemoval
from engine.conversations.search_index import forget_messages
from engine.errors import InvalidInput

_MARK = """
UPDATE message SET deleted_with = ? WHERE deleted_with IS NULL AND number IN (
  WITH RECURSIVE behind (number) AS (
    SELECT ?
    UNION ALL
    SELECT message.number FROM behind JOIN message ON message.parent = behind.number
  )
  SELECT number FROM behind
)
"""
# The one that was there just before it, else the one that came just after it.
_BESIDE = """
SELECT number FROM message
WHERE conversation = ? AND parent IS ? AND deleted_with IS NULL
ORDER BY number > ?, abs(number - ?) LIMIT 1
"""


def delete_message(database: Database, message_id: str) -> MessageRemoval:
    """Take a message and all that follows it out of the tree; the branch beside it is selected."""
    with database.transaction() as connection:
        place = place_of(connection, message_id)
        removed = connection.execute(_MARK, (place.number, place.number)).rowcount
        connection.execute(
            "UPDATE message SET deleted_ms = ? WHERE number = ?",
            (max(database.clock(), 1), place.number),
        )
        _select_beside(connection, place)
    row = database.connection.execute(
        "SELECT id FROM conversation WHERE number = ?", (place.conversation,)
    ).fetchone()
    return MessageRemoval(shelves.get(database, row[0]), removed)


def undelete_message(database: Database, message_id: str) -> Message:
    """Bring back what went with a message, and select it; nothing happens to one that is there.

    Raises InvalidInput where the message that it follows is deleted.
    """
    with database.transaction() as connection:
        place = place_of(connection, message_id, with_deleted=True)
        restored = connection.execute(
            "UPDATE message SET deleted_with = NULL, deleted_ms = 0 WHERE deleted_with = ?",
            (place.number,),
        ).rowcount
        if not _is_reachable(connection, place):
            raise InvalidInput(
                "The message went with one before it.", advice="Bring that one back first."
            )
        if restored:
            choose(connection, place.number)
    return get(database, message_id)


def purge_messages(database: Database, before_ms: int) -> int:
    """Remove the messages for good that were deleted before then; return how many."""
    rows = database.connection.execute(
        "SELECT number FROM message WHERE deleted_with = number AND deleted_ms < ? "
        "ORDER BY number DESC",
        (before_ms,),
    ).fetchall()
    removed = 0
    for (root,) in rows:
        with database.transaction() as connection:
            forget_messages(database, root)
            removed += connection.execute("DELETE FROM message WHERE number = ?", (root,)).rowcount
    return removed


def restore_known(connection: sqlite3.Connection, message_id: str) -> Place | None:
    """Bring a deleted message alone back, in the middle of a transaction, and return its place.

    None for one that is there. It has come with an import, and those before it have as well.
    """
    restored = connection.execute(
        "UPDATE message SET deleted_with = NULL, deleted_ms = 0 "
        "WHERE id = ? AND deleted_with IS NOT NULL",
        (message_id,),
    ).rowcount
    return place_of(connection, message_id) if restored else None


def _select_beside(connection: sqlite3.Connection, place: Place) -> None:
    row = connection.execute(
        _BESIDE, (place.conversation, place.parent, place.number, place.number)
    ).fetchone()
    beside = None if row is None else row[0]
    if place.parent is None:
        connection.execute(
            "UPDATE conversation SET chosen_root = ? WHERE number = ? AND chosen_root = ?",
            (beside, place.conversation, place.number),
        )
    else:
        connection.execute(
            "UPDATE message SET chosen_child = ? WHERE number = ? AND chosen_child = ?",
            (beside, place.parent, place.number),
        )


def _is_reachable(connection: sqlite3.Connection, place: Place) -> bool:
    if message_rows.is_deleted(connection, place.number):
        return False
    return place.parent is None or not message_rows.is_deleted(connection, place.parent)
