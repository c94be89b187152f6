"""Conversations as a whole: made, listed, renamed, pinned, put away, deleted, brought back."""

from __future__ import annotations

import re
import sqlite3
import uuid
from typing import Any

from engine.conversations.database import Database
from engine.conversations.records import Conversation, ConversationPage, Shelf
from engine.errors import ConversationNotFound, InvalidInput

LONGEST_TITLE = 200
_DERIVED_TITLE = 60
_SHELF_NUMBERS = {Shelf.ACTIVE: 0, Shelf.ARCHIVED: 1, Shelf.DELETED: 2}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COLUMNS = "id, title, created_ms, updated_ms, is_pinned, is_archived, deleted_ms, draft"
# A draft belongs to the conversation that is open; a list shows none.
_LISTED = _COLUMNS.replace("draft", "x''")


def create(database: Database, conversation_id: str = "", title: str = "") -> Conversation:
    """Make a conversation, or return the one that has this id already."""
    name = checked_id(conversation_id)
    now = database.clock()
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO conversation (id, title, created_ms, updated_ms) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO NOTHING",
            (name, checked_title(title), now, now),
        )
    return get(database, name)


def get(database: Database, conversation_id: str) -> Conversation:
    """Return a conversation, deleted ones too. Raises ConversationNotFound."""
    row = database.connection.execute(
        f"SELECT {_COLUMNS} FROM conversation WHERE id = ?",  # noqa: S608 - names of ours
        (conversation_id,),
    ).fetchone()
    if row is None:
        raise ConversationNotFound("There is no such conversation.")
    return _conversation(row)


def page(
    database: Database, shelf: Shelf = Shelf.ACTIVE, *, size: int = 100, cursor: str = ""
) -> ConversationPage:
    """Return conversations: pinned ones first, then the last changed first."""
    behind = _position(cursor)
    rows = database.connection.execute(
        f"SELECT {_LISTED}, number FROM conversation WHERE shelf = ? "  # noqa: S608 - ours
        "AND (is_pinned, updated_ms, number) < (?, ?, ?) "
        "ORDER BY is_pinned DESC, updated_ms DESC, number DESC LIMIT ?",
        (_SHELF_NUMBERS[shelf], *behind, size + 1),
    ).fetchall()
    found = tuple(_conversation(row) for row in rows[:size])
    if len(rows) <= size:
        return ConversationPage(found, "")
    last = found[-1]
    return ConversationPage(found, f"{last.is_pinned:d}.{last.updated_ms}.{rows[size - 1][-1]}")


def change(
    database: Database,
    conversation_id: str,
    *,
    title: str | None = None,
    is_pinned: bool | None = None,
    is_archived: bool | None = None,
    draft: bytes | None = None,
) -> Conversation:
    """Change what is given. This is no news of the conversation: its place by date stays."""
    changes: dict[str, str | bytes | bool] = {}
    if title is not None:
        changes["title"] = checked_title(title)
    if is_pinned is not None:
        changes["is_pinned"] = is_pinned
    if is_archived is not None:
        changes["is_archived"] = is_archived
    if draft is not None:
        changes["draft"] = draft
    if changes:
        columns = ", ".join(f"{column} = ?" for column in changes)
        with database.transaction() as connection:
            connection.execute(
                f"UPDATE conversation SET {columns} WHERE id = ?",  # noqa: S608 - names of ours
                (*changes.values(), conversation_id),
            )
    return get(database, conversation_id)


def delete(database: Database, conversation_id: str) -> Conversation:
    """Put a conversation among the deleted ones, from where it can be brought back."""
    return _set_deleted(database, conversation_id, max(database.clock(), 1))


def undelete(database: Database, conversation_id: str) -> Conversation:
    """Bring a deleted conversation back to where it was."""
    return _set_deleted(database, conversation_id, 0)


def deleted_before(database: Database, before_ms: int) -> tuple[str, ...]:
    """Return the ids of conversations that were deleted before then."""
    rows = database.connection.execute(
        "SELECT id FROM conversation WHERE shelf = 2 AND deleted_ms < ?", (before_ms,)
    )
    return tuple(row[0] for row in rows)


def number_of(connection: sqlite3.Connection, conversation_id: str) -> int:
    """Return a conversation's number in the file. Raises ConversationNotFound."""
    row = connection.execute(
        "SELECT number FROM conversation WHERE id = ?", (conversation_id,)
    ).fetchone()
    if row is None:
        raise ConversationNotFound("There is no such conversation.")
    return int(row[0])


def touch(database: Database, number: int, content: bytes = b"") -> None:
    """Note news in a conversation; the first message's `content` names one without a title."""
    # A clock that was set back must not move a conversation down the list.
    database.connection.execute(
        "UPDATE conversation SET updated_ms = max(updated_ms, ?), "
        "title = CASE WHEN title = '' THEN ? ELSE title END WHERE number = ?",
        (database.clock(), title_from(content), number),
    )


def title_from(content: bytes) -> str:
    """Return the first line with words in it, cut to a title."""
    text = content[: 8 * _DERIVED_TITLE].decode("utf-8", "ignore")
    line = next((line for line in text.splitlines() if line.strip()), "")
    words = " ".join("".join(each if each.isprintable() else " " for each in line).split())
    return words if len(words) <= _DERIVED_TITLE else words[: _DERIVED_TITLE - 1].rstrip() + "…"


def checked_id(given: str) -> str:
    """Return the id, or a fresh one for an empty one. Raises InvalidInput."""
    if not given:
        return uuid.uuid4().hex
    if not _ID.fullmatch(given):
        raise InvalidInput("An id has up to 64 letters, digits, `-` and `_`.")
    return given


def checked_title(title: str) -> str:
    """Return the title without line breaks. Raises InvalidInput."""
    if len(title) > LONGEST_TITLE:
        raise InvalidInput(f"A title has up to {LONGEST_TITLE} characters.")
    return " ".join(title.split())


def _set_deleted(database: Database, conversation_id: str, when_ms: int) -> Conversation:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE conversation SET deleted_ms = ? WHERE id = ?", (when_ms, conversation_id)
        )
    return get(database, conversation_id)


def _position(cursor: str) -> tuple[int, int, int]:
    if not cursor:
        return (2, 0, 0)  # in front of all
    match = re.fullmatch(r"([01])\.(\d{1,18})\.(\d{1,18})", cursor)
    if match is None:
        raise InvalidInput("The cursor is none of this list's.")
    pinned, updated_ms, number = match.groups()
    return int(pinned), int(updated_ms), int(number)


def _conversation(row: tuple[Any, ...]) -> Conversation:
    name, title, created_ms, updated_ms, is_pinned, is_archived, deleted_ms, draft = row[:8]
    return Conversation(
        name, title, created_ms, updated_ms, bool(is_pinned), bool(is_archived), deleted_ms, draft
    )
