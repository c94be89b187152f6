"""Writes conversations out: whole as JSON, the selected branch as Markdown."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec

from engine.conversations import message_rows, message_tree, shelves
from engine.conversations.database import Database
from engine.conversations.library_file import ConversationEntry, entry_of, text_of
from engine.conversations.records import Author, KeptAttachment, Message, MessageState

_NAMES = {Author.USER: "You", Author.ASSISTANT: "Limpet"}
_FENCE = re.compile(rb"`{3,}")


def all_ids(database: Database) -> tuple[str, ...]:
    """Return the ids of all conversations that are not deleted, the oldest first."""
    rows = database.connection.execute(
        "SELECT id FROM conversation WHERE deleted_ms = 0 ORDER BY created_ms, number"
    )
    return tuple(row[0] for row in rows)


def as_json(database: Database, conversation_id: str) -> bytes:
    """Return a conversation, all its branches, as one line."""
    connection = database.connection
    conversation = shelves.get(database, conversation_id)
    number = shelves.number_of(connection, conversation_id)
    rows = connection.execute(
        "SELECT message.number, message.number IN (conversation.chosen_root, above.chosen_child) "
        "FROM message JOIN conversation ON conversation.number = message.conversation "
        "LEFT JOIN message AS above ON above.number = message.parent "
        "WHERE message.conversation = ? AND message.deleted_with IS NULL ORDER BY message.number",
        (number,),
    ).fetchall()
    messages = message_rows.read(connection, [row[0] for row in rows], with_attached=True)
    entry = ConversationEntry(
        id=conversation.id,
        title=conversation.title,
        created_ms=conversation.created_ms,
        updated_ms=conversation.updated_ms,
        is_pinned=conversation.is_pinned,
        is_archived=conversation.is_archived,
        draft=text_of(conversation.draft),
        messages=tuple(
            entry_of(message, is_chosen=bool(row[1]))
            for message, row in zip(messages, rows, strict=True)
        ),
    )
    return msgspec.json.encode(entry) + b"\n"


def as_markdown(database: Database, conversation_id: str) -> bytes:
    """Return the selected branch of a conversation for reading; contents stay as they are."""
    connection = database.connection
    conversation = shelves.get(database, conversation_id)
    branch = message_tree.branch_numbers(connection, shelves.number_of(connection, conversation_id))
    title = conversation.title or "Conversation"
    parts = [f"# {title}".encode()]
    for number in branch:
        (message,) = message_rows.read(connection, [number], with_attached=True)
        parts.append(_section(message))
    return b"\n\n".join(parts) + b"\n"


def _section(message: Message) -> bytes:
    when = datetime.fromtimestamp(message.created_ms / 1000, UTC)
    heading = f"## {_NAMES[message.author]}, {when:%Y-%m-%d %H:%M} UTC"
    if message.model:
        heading += f" ({message.model})"
    parts = [heading.encode(), *(_attachment(each) for each in message.attachments)]
    if message.content.strip():
        parts.append(message.content.strip(b"\r\n"))
    if message.state is MessageState.PARTIAL:
        parts.append(b"*(stopped in the middle)*")
    if message.state is MessageState.FAILED:
        parts.append(f"*(failed: {message.failure})*".encode())
    return b"\n\n".join(parts)


def _attachment(attachment: KeptAttachment) -> bytes:
    content = attachment.content or b""
    longest = max((len(run) for run in _FENCE.findall(content)), default=2)
    fence = b"`" * (longest + 1)
    place = attachment.path
    if attachment.first_line:
        place += f":{attachment.first_line}-{attachment.last_line}"
    ending = b"" if content.endswith(b"\n") or not content else b"\n"
    return b"%b\n\n%b\n%b%b%b" % (f"`{place}`:".encode(), fence, content, ending, fence)
