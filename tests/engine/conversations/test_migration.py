"""A schema is old or new, wherever the process ends in between."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from engine.conversations.migration import (
    ForeignFile,
    NewerSchema,
    check_version,
    load_migrations,
    migrate,
    statements_of,
)

# What a next version could look like: it changes what is there as well.
NEXT = """
ALTER TABLE conversation ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';
CREATE TABLE label (
  name TEXT PRIMARY KEY -- a semicolon; in a comment
);
UPDATE conversation SET colour = 'blue; green';
"""
MIGRATIONS = (*load_migrations(), NEXT)
REPOSITORY = Path(__file__).resolve().parents[3]
# Ends as a killed process does, in the middle of the migration.
CHILD = """
import os, signal, sqlite3, sys
from engine.conversations.migration import migrate
from tests.engine.conversations.test_migration import MIGRATIONS
left = int(sys.argv[2])
def after_statement():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
migrate(sqlite3.connect(sys.argv[1], isolation_level=None), MIGRATIONS, after_statement)
"""


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def schema(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()


def steps_of(path: Path) -> int:
    """Return how many statements bring a file up to date."""
    steps: list[None] = []
    with closing(opened(path)) as connection:
        migrate(connection, MIGRATIONS, lambda: steps.append(None))
    return len(steps)


def test_an_empty_file_gets_every_version(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "a")) as connection:
        migrate(connection, MIGRATIONS)
        migrate(connection, MIGRATIONS)

        assert check_version(connection, len(MIGRATIONS)) == len(MIGRATIONS)


def test_a_script_is_cut_into_its_statements() -> None:
    found = [statement.split(" ")[0] for statement in statements_of(NEXT)]
    assert found == ["ALTER", "CREATE", "UPDATE"]


@pytest.mark.slow
def test_a_process_killed_at_any_statement_leaves_old_or_new(tmp_path: Path) -> None:
    states: dict[int, list[tuple[str]]] = {}
    for version in range(len(MIGRATIONS) + 1):
        with closing(opened(tmp_path / f"version{version}")) as connection:
            migrate(connection, MIGRATIONS[:version])
            states[version] = schema(connection)
    seen = set()
    for last in range(1, steps_of(tmp_path / "whole") + 1):
        path = tmp_path / f"killed{last}"
        command = [sys.executable, "-c", CHILD, str(path), str(last)]
        outcome = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
        assert outcome.returncode == -9, outcome.stderr
        with closing(opened(path)) as connection:
            version = check_version(connection, len(MIGRATIONS))
            assert schema(connection) == states[version]
            seen.add(version)
            migrate(connection, MIGRATIONS)
            assert schema(connection) == states[len(MIGRATIONS)]
    assert seen == set(range(len(MIGRATIONS) + 1))


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "a")) as connection:
        migrate(connection, load_migrations())
        before = schema(connection)
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, (*load_migrations(), "CREATE TABLE a (b);\nNONSENSE;\n"))

        assert schema(connection) == before
        newest = len(load_migrations())
        assert check_version(connection, newest) == newest


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with closing(opened(path)) as connection:
        migrate(connection, MIGRATIONS)
    before = path.read_bytes()
    with closing(opened(path)) as connection, pytest.raises(NewerSchema):
        migrate(connection, load_migrations())
    assert path.read_bytes() == before


def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "a")) as connection:
        connection.execute("CREATE TABLE theirs (a)")
        with pytest.raises(ForeignFile):
            migrate(connection, load_migrations())
