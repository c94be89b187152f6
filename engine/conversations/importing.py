"""Takes exported conversations in; what is there already by its id stays as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from engine.conversations import message_removal, message_rows, message_tree, shelves
from engine.conversations.database import Database
from engine.conversations.library_file import (
    FORMAT,
    VERSION,
    ConversationEntry,
    Heading,
    MessageEntry,
    message_of,
)
from engine.conversations.message_rows import Place
from engine.conversations.records import LARGEST_DRAFT_BYTES, LARGEST_MESSAGE_BYTES, ImportCount
from engine.errors import InvalidInput

_LARGEST_TIME = 253_402_300_799_000  # the end of the year 9999
_LARGEST_LINE = (1 << 32) - 1


class _Refused(Exception):
    """A line is none of this engine's."""


def check_heading(line: bytes) -> None:
    """Raise InvalidInput where a file's first line is not that of an export."""
    try:
        heading = msgspec.json.decode(line, type=Heading)
    except (msgspec.DecodeError, UnicodeDecodeError) as trouble:
        raise InvalidInput(
            "The file is no export of conversations.",
            advice="Choose a file that was exported as JSON.",
        ) from trouble
    if heading.format != FORMAT:
        raise InvalidInput("The file is no export of conversations.")
    if heading.version > VERSION:
        raise InvalidInput(
            "The file was exported by a newer version.", advice="Update this program."
        )


def take_in(database: Database, lines: Sequence[bytes]) -> ImportCount:
    """Take in some lines, each whole or not at all, and all of them at once on the disk.

    A conversation that is among the deleted ones comes back.
    """
    added = known = conversations = refused = 0
    with database.transaction() as connection:
        for line in lines:
            try:
                entry = msgspec.json.decode(line, type=ConversationEntry)
                _check(entry)
                _check_owner(connection, entry)
            except (msgspec.DecodeError, UnicodeError, InvalidInput, _Refused):
                refused += 1
                continue
            number, is_new = _conversation(connection, entry)
            fresh = _messages(connection, number, entry)
            conversations += is_new
            added += fresh
            known += len(entry.messages) - fresh
    return ImportCount(conversations, added, known, refused)


def _check(entry: ConversationEntry) -> None:
    """Raise where ids or numbers are none of ours, or a message comes before its parent."""
    _check_names([entry.id])
    _check_times([entry.created_ms, entry.updated_ms])
    shelves.checked_title(entry.title)
    if len(entry.draft.content) > LARGEST_DRAFT_BYTES:
        raise _Refused
    above = {""}
    for message in entry.messages:
        _check_names([message.id])
        if message.parent not in above or message.id in above:
            raise _Refused
        above.add(message.id)
        lines = [line for each in message.attachments for line in (each.first_line, each.last_line)]
        _check_times([message.created_ms, message.updated_ms])
        _check_lines(lines)
        contents = [message.content, *(each.content for each in message.attachments)]
        if sum(len(each.content) for each in contents) > LARGEST_MESSAGE_BYTES:
            raise _Refused


def _check_owner(connection: sqlite3.Connection, entry: ConversationEntry) -> None:
    """Raise where a message is kept in another conversation: a tree must not grow across two."""
    for message in entry.messages:
        row = connection.execute(
            "SELECT 1 FROM message JOIN conversation ON conversation.number = message.conversation "
            "WHERE message.id = ? AND conversation.id <> ?",
            (message.id, entry.id),
        ).fetchone()
        if row is not None:
            raise _Refused


def _check_names(names: Sequence[str]) -> None:
    if not all(names):
        raise _Refused
    for name in names:
        shelves.checked_id(name)


def _check_times(numbers: Sequence[int]) -> None:
    if not all(0 <= number <= _LARGEST_TIME for number in numbers):
        raise _Refused


def _check_lines(numbers: Sequence[int]) -> None:
    if not all(0 <= number <= _LARGEST_LINE for number in numbers):
        raise _Refused


def _conversation(connection: sqlite3.Connection, entry: ConversationEntry) -> tuple[int, bool]:
    cursor = connection.execute(
        "INSERT INTO conversation (id, title, created_ms, updated_ms, is_pinned, is_archived, "
        "draft) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            entry.id,
            shelves.checked_title(entry.title),
            entry.created_ms,
            entry.updated_ms,
            entry.is_pinned,
            entry.is_archived,
            entry.draft.content,
        ),
    )
    is_new = cursor.rowcount > 0
    connection.execute(
        "UPDATE conversation SET deleted_ms = 0 WHERE id = ? AND deleted_ms > 0", (entry.id,)
    )
    return shelves.number_of(connection, entry.id), is_new


def _messages(connection: sqlite3.Connection, conversation: int, entry: ConversationEntry) -> int:
    """Add the messages that are not there, and return how many that were."""
    added = last = 0
    for each in entry.messages:
        if message_rows.is_known(connection, each.id):
            back = message_removal.restore_known(connection, each.id)
            if back is not None:
                _choose(connection, conversation, back.parent, back.number, each)
                last = back.number
            continue
        parent = message_rows.place_of(connection, each.parent).number if each.parent else None
        message = message_of(each)
        place = Place(0, conversation, parent, message.author)
        number = message_rows.insert(connection, message, place, is_sealed=True)
        _choose(connection, conversation, parent, number, each)
        added += 1
        last = number
    is_shown = connection.execute(
        "SELECT chosen_root IS NOT NULL FROM conversation WHERE number = ?", (conversation,)
    ).fetchone()[0]
    if last and not is_shown:  # a file that does not say which branch is selected
        message_tree.choose(connection, last)
    return added


def _choose(
    connection: sqlite3.Connection,
    conversation: int,
    parent: int | None,
    number: int,
    entry: MessageEntry,
) -> None:
    """Let the branch go through a message as it did, unless another one is chosen here already."""
    if not entry.is_chosen:
        return
    if parent is None:
        connection.execute(
            "UPDATE conversation SET chosen_root = ? WHERE number = ? AND chosen_root IS NULL",
            (number, conversation),
        )
    else:
        connection.execute(
            "UPDATE message SET chosen_child = ? WHERE number = ? AND chosen_child IS NULL",
            (number, parent),
        )
