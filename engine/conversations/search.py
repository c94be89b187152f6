"""Finds messages and titles by parts of words, Chinese and English alike."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import islice

import msgspec

from engine.conversations.database import Database
from engine.conversations.records import Hit, HitPage
from engine.errors import InvalidInput

LONGEST_QUERY = 500
_GROUP = 3  # characters of one entry of the index
# Shorter words are looked for as the beginnings of groups; one with more of them than this is so
# frequent that reading the newest messages finds it soon.
_MOST_GROUPS = 80
_TITLE_HITS = 20
_AROUND = 80  # characters that are shown on each side of a match
_LAST_CHARACTER = "\U0010ffff"
_BEHIND_ALL = 1 << 62

# One search looks at this many messages at most, so that it holds nothing up for long.
_MOST_LOOKED_AT = 8000
_FITS = "SELECT message.number, conversation.deleted_ms = 0 AND message.deleted_with IS NULL"
_LIKE = " AND CAST(message.content AS TEXT) LIKE ? ESCAPE '\\'"
_BY_INDEX = """
FROM message_index
CROSS JOIN message ON message.number = message_index.rowid
CROSS JOIN conversation ON conversation.number = message.conversation
WHERE message_index MATCH ? AND message_index.rowid < ? ORDER BY message_index.rowid DESC
"""
_BY_READING = """
FROM message
CROSS JOIN conversation ON conversation.number = message.conversation
WHERE message.number < ? ORDER BY message.number DESC
"""
_FOUND = """
SELECT conversation.id, conversation.title, message.id, message.updated_ms, message.content
FROM message JOIN conversation ON conversation.number = message.conversation
WHERE message.number = ?
"""


class _Plan(msgspec.Struct, frozen=True):
    """How words are looked for: an expression for the index, and words to read for."""

    expression: str
    read_for: tuple[str, ...]
    is_hopeless: bool = False


def search(database: Database, query: str, *, size: int = 50, cursor: str = "") -> HitPage:
    """Return where all of the query's words are, the newest message first, titles before them.

    A word is found inside others, in whatever case. Deleted conversations are left out. A page
    may be empty though its cursor is not: then there is more to look at. Raises InvalidInput.
    """
    words = tuple(query.replace("\0", " ").split())
    if len(query) > LONGEST_QUERY:
        raise InvalidInput(f"A search has up to {LONGEST_QUERY} characters.")
    if not words:
        return HitPage((), "")
    behind = _position(cursor)
    titles = () if cursor else _titles(database.connection, words)
    numbers, cursor = _numbers(database, words, behind, size)
    pattern = _pattern(words)
    messages = tuple(_hit(database.connection, number, pattern) for number in numbers)
    return HitPage((*titles, *messages), cursor)


def _numbers(
    database: Database, words: Sequence[str], behind: int, size: int
) -> tuple[list[int], str]:
    """Return the numbers of messages that fit, and the cursor behind the last one."""
    plan = _plan(database, words)
    if plan.is_hopeless:
        return [], ""
    source = _BY_INDEX if plan.expression else _BY_READING
    likes = [_like(word) for word in plan.read_for]
    asked = [plan.expression, behind] if plan.expression else [behind]
    rows = database.connection.execute(_FITS + _LIKE * len(likes) + source, [*likes, *asked])
    found: list[int] = []
    number = behind
    with closing(rows):
        for number, fits in islice(rows, _MOST_LOOKED_AT):
            if fits and len(found) == size:
                return found, str(found[-1])
            if fits:
                found.append(number)
        is_all = rows.fetchone() is None
    return found, "" if is_all else str(number)


def _plan(database: Database, words: Sequence[str]) -> _Plan:
    if not database.has_index:
        return _Plan("", tuple(words))
    expressions: list[str] = []
    read_for: list[str] = []
    for word in words:
        groups = [word] if len(word) >= _GROUP else _groups(database.connection, word)
        if not groups:
            return _Plan("", (), is_hopeless=True)
        if len(groups) > _MOST_GROUPS:
            read_for.append(word)
        else:
            expressions.append("(" + " OR ".join(_quoted(group) for group in groups) + ")")
    return _Plan(" AND ".join(expressions), tuple(read_for))


def _groups(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return the groups of the index that begin with a word shorter than a group.

    Every place of the word begins one, since the index has two blanks behind each message.
    """
    found: list[str] = []
    for beginning in {word.lower(), word.casefold()}:
        rows = connection.execute(
            "SELECT CAST(term AS BLOB) FROM temp.message_group WHERE term >= ? AND term < ? "
            "LIMIT ?",
            (beginning, beginning + _LAST_CHARACTER, _MOST_GROUPS + 1),
        )
        # What is no text, or holds the byte that ends an expression, was not typed by anybody.
        found += [row[0].decode("utf-8", "replace") for row in rows if b"\0" not in row[0]]
    return found


def _titles(connection: sqlite3.Connection, words: Sequence[str]) -> tuple[Hit, ...]:
    likes = " AND title LIKE ? ESCAPE '\\'" * len(words)
    rows = connection.execute(
        f"SELECT id, title, updated_ms FROM conversation WHERE deleted_ms = 0 {likes} "  # noqa: S608
        "ORDER BY updated_ms DESC LIMIT ?",
        (*(_like(word) for word in words), _TITLE_HITS),
    )
    pattern = _pattern(words)
    return tuple(
        Hit(name, title, "", updated_ms, *_around(title, pattern))
        for name, title, updated_ms in rows
    )


def _hit(connection: sqlite3.Connection, number: int, pattern: re.Pattern[str]) -> Hit:
    name, title, message, updated_ms, content = connection.execute(_FOUND, (number,)).fetchone()
    return Hit(
        name, title, message, updated_ms, *_around(content.decode("utf-8", "replace"), pattern)
    )


def _around(text: str, pattern: re.Pattern[str]) -> tuple[str, str, str]:
    """Return the text before, at, and after the first match, cut to what a list shows."""
    match = pattern.search(text)
    # The index folds a few letters that a pattern does not: the beginning is shown then.
    start, end = match.span() if match else (0, 0)
    return text[max(start - _AROUND, 0) : start], text[start:end], text[end : end + _AROUND]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _like(word: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def _position(cursor: str) -> int:
    if not cursor:
        return _BEHIND_ALL
    if not re.fullmatch(r"[0-9]{1,18}", cursor):
        raise InvalidInput("The cursor is none of this search's.")
    return int(cursor)
