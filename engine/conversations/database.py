"""The SQLite file: how it is opened, its transactions, and what its troubles mean."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from engine.conversations.migration import ForeignFile, NewerSchema, load_migrations, migrate
from engine.errors import (
    ConversationsBusy,
    ConversationsDamaged,
    ConversationsDiskFull,
    ConversationsReadOnly,
    ConversationsTooNew,
    ConversationStoreFailure,
    InvalidInput,
)

# How long another program's lock on the file is waited for.
_BUSY_SECONDS = 2.0
# A rollback journal, since the write-ahead log of SQLite 3.7 to 3.51.2 has a race that can damage
# the file, and Python brings whichever SQLite the system has. The journal is cut to nothing at each
# commit; FULL syncs the journal, the file, and the cut.
# Sorting stays in memory: conversations must not end up in the folder of temporary files.
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = TRUNCATE",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA cache_size = -16384",
)
_KINDS: dict[int, tuple[type[ConversationStoreFailure], str]] = {
    sqlite3.SQLITE_BUSY: (ConversationsBusy, "Another program holds the conversations in {path}."),
    sqlite3.SQLITE_LOCKED: (ConversationsBusy, "The conversations in {path} are in use."),
    sqlite3.SQLITE_READONLY: (ConversationsReadOnly, "The conversations in {path} are read-only."),
    sqlite3.SQLITE_PERM: (ConversationsReadOnly, "The conversations in {path} are not ours."),
    sqlite3.SQLITE_CANTOPEN: (ConversationsReadOnly, "The file {path} cannot be opened."),
    sqlite3.SQLITE_CORRUPT: (ConversationsDamaged, "The conversations in {path} are damaged."),
    sqlite3.SQLITE_NOTADB: (ConversationsDamaged, "The file {path} is no database."),
    sqlite3.SQLITE_FULL: (ConversationsDiskFull, "The disk is full: {path} cannot grow."),
    sqlite3.SQLITE_IOERR: (ConversationStoreFailure, "The disk failed on {path}."),
}
_PRIMARY_CODE = 0xFF  # the rest of an extended code says more of the same

Clock = Callable[[], int]


def wall_clock_ms() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Database:
    """An open file. Belongs to one thread; close it."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, clock: Clock, *, has_index: bool
    ) -> None:
        self.path = path
        self.connection = connection
        self.clock = clock
        self.has_index = has_index

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do what the block does as a whole: kept on the disk when the block is over, or not."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # some troubles end it by themselves
                self.connection.rollback()
            raise

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def open_database(path: Path, clock: Clock = wall_clock_ms) -> Database:
    """Open the file, make it where it is missing, and bring its schema up to date.

    Raises a ConversationStoreFailure.
    """
    try:
        _make_private(path)
    except OSError as trouble:
        raise ConversationsReadOnly(
            f"The conversations cannot be kept in {path}: {trouble.strerror}."
        ) from trouble
    with translated(path):
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            migrate(connection, load_migrations())
            for pragma in _PRAGMAS:
                connection.execute(pragma).fetchall()
            has_index = _ensure_index(connection)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection, clock, has_index=has_index)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors in the block into the engine's."""
    try:
        yield
    except NewerSchema as trouble:
        raise ConversationsTooNew(
            f"The conversations in {path} were written by a newer engine; they are left as they "
            "are."
        ) from trouble
    except ForeignFile as trouble:
        raise ConversationsDamaged(f"The file {path} belongs to another program.") from trouble
    except sqlite3.Error as trouble:
        code = getattr(trouble, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
        if code == sqlite3.SQLITE_TOOBIG:
            raise InvalidInput("The message is larger than can be kept.") from trouble
        if code not in _KINDS:
            raise
        kind, sentence = _KINDS[code]
        raise kind(sentence.format(path=path)) from trouble


def _make_private(path: Path) -> None:
    """Make the folder and the file for this user alone; SQLite's journal takes the file's mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _ensure_index(connection: sqlite3.Connection) -> bool:
    """Make the search index where it is missing; return whether this SQLite can use it.

    Groups of three characters find Chinese, which has no blanks between words, and parts of names.
    They came with SQLite 3.34; without them a search reads all messages.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as trial:
            trial.execute("CREATE VIRTUAL TABLE t USING fts5(c, tokenize='trigram')")
    except sqlite3.OperationalError:
        return False
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'message_index'"
    if not connection.execute(tables).fetchone()[0]:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "CREATE VIRTUAL TABLE message_index USING fts5(content, content='message_text', "
            "content_rowid='number', tokenize='trigram')"
        )
        connection.execute("UPDATE message SET is_indexed = 0 WHERE is_indexed")
        connection.execute("COMMIT")
    # Only in this connection: the words that the index knows.
    connection.execute(
        "CREATE VIRTUAL TABLE temp.message_group USING fts5vocab('main', 'message_index', 'row')"
    )
    return True
