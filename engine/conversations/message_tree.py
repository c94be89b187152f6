"""The tree of a conversation: messages are added beside each other, and nothing is overwritten."""

from __future__ import annotations

import itertools
import sqlite3

from engine.conversations import message_rows, shelves
from engine.conversations.database import Database
from engine.conversations.message_rows import Place, place_of
from engine.conversations.records import (
    Author,
    BranchWindow,
    Message,
    MessageState,
    NewMessage,
)
from engine.conversations.search_index import index_message
from engine.errors import InvalidInput

# A window is sent in one message: it ends early where contents are large.
_WINDOW_BYTES = 4 << 20
_BRANCH = """
WITH RECURSIVE branch (number, depth) AS (
  SELECT chosen_root, 0 FROM conversation WHERE number = ? AND chosen_root IS NOT NULL
  UNION ALL
  SELECT message.chosen_child, depth + 1 FROM branch
  JOIN message ON message.number = branch.number WHERE message.chosen_child IS NOT NULL
)
SELECT number FROM branch ORDER BY depth
"""
_PATH = """
WITH RECURSIVE path (number, parent, depth) AS (
  SELECT number, parent, 0 FROM message WHERE number = ?
  UNION ALL
  SELECT message.number, message.parent, depth + 1 FROM path
  JOIN message ON message.number = path.parent
)
SELECT number FROM path ORDER BY depth DESC
"""


def append(
    database: Database, conversation_id: str, message: NewMessage, parent: str = ""
) -> Message:
    """Keep a user's message behind `parent`, or at the selected branch's end, and empty the draft.

    When this returns, the message is on the disk. One whose id is kept already is only returned.
    """
    name = shelves.checked_id(message.id)
    with database.transaction() as connection:
        if not message_rows.is_known(connection, name):
            conversation = shelves.number_of(connection, conversation_id)
            above = _parent(connection, conversation, parent)
            _add_user_message(database, conversation, above, message, name)
            connection.execute(
                "UPDATE conversation SET draft = x'' WHERE number = ?", (conversation,)
            )
    return get(database, name)


def edit(database: Database, message_id: str, message: NewMessage) -> Message:
    """Keep a user's message beside the one that it replaces, and select it."""
    name = shelves.checked_id(message.id)
    with database.transaction() as connection:
        if not message_rows.is_known(connection, name):
            place = place_of(connection, message_id)
            if place.author is not Author.USER:
                raise InvalidInput(
                    "Only a user's message can be edited.", advice="Have the answer written anew."
                )
            _add_user_message(database, place.conversation, place.parent, message, name)
    return get(database, name)


def begin_answer(database: Database, question_id: str, model: str = "") -> Message:
    """Keep an empty answer behind a user's message, beside the answers that are there, as partial.

    It is selected. Fill it with `save_partial`, end it with `finish`.
    """
    name = shelves.checked_id("")
    with database.transaction() as connection:
        place = place_of(connection, question_id)
        if place.author is not Author.USER:
            raise InvalidInput("Only a user's message can be answered.")
        now = database.clock()
        answer = Message(name, "", "", Author.ASSISTANT, MessageState.PARTIAL, b"", now, now, model)
        above = Place(0, place.conversation, place.number, Author.ASSISTANT)
        number = message_rows.insert(connection, answer, above, is_sealed=False)
        choose(connection, number)
        shelves.touch(database, place.conversation)
    return get(database, name)


def save_partial(database: Database, message_id: str, content: bytes) -> None:
    """Keep what has been written of an answer so far; nothing happens to a finished one."""
    with database.transaction() as connection:
        connection.execute(
            "UPDATE message SET content = ?, updated_ms = max(updated_ms, ?) "
            "WHERE id = ? AND is_sealed = 0",
            (content, database.clock(), message_id),
        )


def finish(database: Database, message: Message) -> None:
    """Keep an answer's end: content, state, model, figures, failure. Only the first one counts."""
    figures = message_rows.figures_text(message)
    with database.transaction() as connection:
        place = place_of(connection, message.id, with_deleted=True)
        changed = connection.execute(
            "UPDATE message SET content = ?, state = ?, model = ?, figures = ?, failure = ?, "
            "is_sealed = 1, updated_ms = max(updated_ms, ?) WHERE number = ? AND is_sealed = 0",
            (
                message.content,
                message.state,
                message.model,
                figures,
                message.failure,
                database.clock(),
                place.number,
            ),
        )
        if changed.rowcount:
            index_message(database, place.number)
            shelves.touch(database, place.conversation)


def seal_leftovers(database: Database) -> None:
    """Close the answers that an engine left when it was killed; they stay partial."""
    left = "SELECT 1 FROM message WHERE is_indexed = 0 AND is_sealed = 0 LIMIT 1"
    if database.connection.execute(left).fetchone():
        with database.transaction() as connection:
            connection.execute(
                "UPDATE message SET is_sealed = 1 WHERE is_indexed = 0 AND is_sealed = 0"
            )


def select(database: Database, message_id: str) -> Message:
    """Select the branch through a message; behind it the branch that was last selected there."""
    with database.transaction() as connection:
        choose(connection, place_of(connection, message_id).number)
    return get(database, message_id)


def get(database: Database, message_id: str) -> Message:
    """Return a message with its attachments' contents. Raises ConversationNotFound."""
    place = place_of(database.connection, message_id)
    return message_rows.read(database.connection, [place.number], with_attached=True)[0]


def window(
    database: Database, conversation_id: str, *, before: str = "", size: int = 50
) -> BranchWindow:
    """Return the last messages of the selected branch, or the last ones before a message on it.

    Attachments come without contents. There may be fewer where contents are large.
    """
    connection = database.connection
    conversation = shelves.get(database, conversation_id)
    branch = branch_numbers(connection, shelves.number_of(connection, conversation_id))
    end = len(branch)
    if before:
        number = place_of(connection, before).number
        if number not in branch:
            raise InvalidInput("The message is not on the selected branch.")
        end = branch.index(number)
    messages: list[Message] = []
    room = _WINDOW_BYTES
    while len(messages) < min(size, end):
        (message,) = message_rows.read(
            connection, [branch[end - 1 - len(messages)]], with_attached=False
        )
        room -= len(message.content)
        if messages and room < 0:
            break
        messages.append(message)
    return BranchWindow(conversation, tuple(reversed(messages)), has_older=len(messages) < end)


def path_to(database: Database, message_id: str) -> tuple[Message, ...]:
    """Return the messages from the conversation's beginning to this one, whole."""
    place = place_of(database.connection, message_id)
    numbers = [row[0] for row in database.connection.execute(_PATH, (place.number,))]
    return message_rows.read(database.connection, numbers, with_attached=True)


def last_of_branch(database: Database, conversation_id: str) -> str:
    """Return the id of the selected branch's last message; empty where there is none."""
    connection = database.connection
    branch = branch_numbers(connection, shelves.number_of(connection, conversation_id))
    if not branch:
        return ""
    row = connection.execute("SELECT id FROM message WHERE number = ?", (branch[-1],)).fetchone()
    return str(row[0])


def branch_numbers(connection: sqlite3.Connection, conversation: int) -> list[int]:
    """Return the numbers of the selected branch's messages, the first one first."""
    return [row[0] for row in connection.execute(_BRANCH, (conversation,))]


def choose(connection: sqlite3.Connection, number: int) -> None:
    """Let the selected branch go through a message, in the middle of a transaction."""
    path = [row[0] for row in connection.execute(_PATH, (number,))]
    connection.executemany(
        "UPDATE message SET chosen_child = ? WHERE number = ? AND chosen_child IS NOT ?",
        [(child, parent, child) for parent, child in itertools.pairwise(path)],
    )
    connection.execute(
        "UPDATE conversation SET chosen_root = ? "
        "WHERE number = (SELECT conversation FROM message WHERE number = ?)",
        (path[0], number),
    )


def _parent(connection: sqlite3.Connection, conversation: int, parent: str) -> int | None:
    if not parent:
        branch = branch_numbers(connection, conversation)
        return branch[-1] if branch else None
    place = place_of(connection, parent)
    if place.conversation != conversation:
        raise InvalidInput("The message to follow is one of another conversation.")
    return place.number


def _add_user_message(
    database: Database, conversation: int, parent: int | None, message: NewMessage, name: str
) -> None:
    now = database.clock()
    kept = Message(
        name,
        "",
        "",
        Author.USER,
        MessageState.COMPLETE,
        message.content,
        now,
        now,
        attachments=message.attachments,
    )
    place = Place(0, conversation, parent, Author.USER)
    number = message_rows.insert(database.connection, kept, place, is_sealed=True)
    choose(database.connection, number)
    index_message(database, number)
    shelves.touch(database, conversation, message.content)
