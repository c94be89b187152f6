"""How much is kept, and how deleted conversations leave for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from engine.conversations.database import Database
from engine.conversations.records import StorageNumbers
from engine.conversations.search_index import forget_conversation


def storage_numbers(database: Database) -> StorageNumbers:
    """Count what is kept."""
    connection = database.connection
    conversations, deleted = connection.execute(
        "SELECT count(*), coalesce(sum(deleted_ms > 0), 0) FROM conversation"
    ).fetchone()
    attachments, attachment_bytes = connection.execute(
        "SELECT count(*), coalesce(sum(length(content)), 0) FROM attachment"
    ).fetchone()
    return StorageNumbers(
        conversations=conversations,
        deleted_conversations=deleted,
        messages=connection.execute("SELECT count(*) FROM message").fetchone()[0],
        attachments=attachments,
        attachment_bytes=attachment_bytes,
        file_bytes=database.path.stat().st_size,
        path=str(database.path),
        sqlite_version=sqlite3.sqlite_version,
        has_index=database.has_index,
    )


def purge(database: Database, conversation_ids: Sequence[str]) -> int:
    """Remove those of the conversations that are deleted, for good; return how many."""
    removed = 0
    for name in conversation_ids:
        with database.transaction() as connection:
            row = connection.execute(
                "SELECT number FROM conversation WHERE id = ? AND deleted_ms > 0", (name,)
            ).fetchone()
            if row is not None:
                forget_conversation(database, row[0])
                connection.execute("DELETE FROM conversation WHERE number = ?", row)
                removed += 1
    return removed
