"""Brings the file's schema to this engine's version: each step whole, or not at all."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Sequence
from importlib import resources

# "LmpC" in ASCII, so that a file of another program is not taken for ours.
APPLICATION_ID = 0x4C6D7043

AfterStatement = Callable[[], object]


class NewerSchema(Exception):
    """The file was written by a newer engine."""


class ForeignFile(Exception):
    """The file is a database of another program."""


@functools.cache
def load_migrations() -> tuple[str, ...]:
    """Return the SQL of every version, the first one's first."""
    folder = resources.files("engine.conversations").joinpath("migrations")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    return tuple(folder.joinpath(name).read_text("utf-8") for name in names)


def check_version(connection: sqlite3.Connection, newest: int) -> int:
    """Return the file's schema version, only reading. Raises NewerSchema, ForeignFile."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    if owner != APPLICATION_ID and (owner or version or has_tables):
        raise ForeignFile
    if version > newest:
        raise NewerSchema
    return version


def migrate(
    connection: sqlite3.Connection,
    migrations: Sequence[str],
    after_statement: AfterStatement = lambda: None,
) -> None:
    """Carry out what the file has not seen yet, one transaction a version.

    `after_statement` is called after each statement; a test ends the process there.
    Raises NewerSchema, ForeignFile, sqlite3.Error; the file is then as it was.
    """
    version = check_version(connection, len(migrations))
    for number, script in enumerate(migrations[version:], start=version + 1):
        statements = [
            "BEGIN IMMEDIATE",
            *statements_of(script),
            # Both are kept in the file's header, and change with the transaction or not at all.
            f"PRAGMA application_id = {APPLICATION_ID}",
            f"PRAGMA user_version = {number}",
            "COMMIT",
        ]
        try:
            for statement in statements:
                connection.execute(statement)
                after_statement()
        except BaseException:
            if connection.in_transaction:
                connection.rollback()
            raise


def statements_of(script: str) -> list[str]:
    """Return a script's statements one by one."""
    statements: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending.strip())
            pending = ""
    return statements
