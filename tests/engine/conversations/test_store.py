"""The store in its thread: troubles of the file, cancelled callers, and what is kept private."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from engine.conversations.database import Database, open_database, translated
from engine.conversations.records import Author, NewMessage, Shelf
from engine.conversations.store import ConversationStore
from engine.conversations.store_thread import KEEP_DELETED_MS
from engine.errors import (
    ConversationsBusy,
    ConversationsDamaged,
    ConversationsDiskFull,
    ConversationsReadOnly,
    ConversationsTooNew,
    ConversationStoreFailure,
    EngineStopping,
)
from tests.engine.conversations.clock import HandClock
from tests.engine.conversations.trees import say, talk

pytestmark = pytest.mark.asyncio
REPOSITORY = Path(__file__).resolve().parents[3]


@asynccontextmanager
async def opened(path: Path, clock: HandClock | None = None) -> AsyncIterator[ConversationStore]:
    store = ConversationStore(path, clock or HandClock())
    try:
        yield store
    finally:
        await store.close()


def noise(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def content_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def put_back(path: Path, good: bytes) -> None:
    if path.is_dir():
        path.rmdir()
    path.write_bytes(good)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


TROUBLES: dict[str, tuple[Callable[[Path], None], type[ConversationStoreFailure]]] = {
    "no database": (noise, ConversationsDamaged),
    "damaged": (truncated, ConversationsDamaged),
    "newer": (newer, ConversationsTooNew),
    "another program's": (foreign, ConversationsDamaged),
    "a folder": (folder, ConversationsReadOnly),
}


@pytest.mark.parametrize(("harm", "kind"), TROUBLES.values(), ids=TROUBLES)
async def test_a_file_in_trouble_is_told_left_alone_and_looked_at_again(
    path: Path, harm: Callable[[Path], None], kind: type[ConversationStoreFailure]
) -> None:
    async with opened(path) as store:
        await store.create("talk")
    good = content_of(path)
    harm(path)
    harmed = content_of(path)
    async with opened(path) as store:
        with pytest.raises(kind) as told:
            await store.page(Shelf.ACTIVE, size=10)
        assert str(path) in told.value.message
        assert content_of(path) == harmed
        put_back(path, good)
        assert len((await store.page(Shelf.ACTIVE, size=10)).conversations) == 1


async def test_a_file_that_another_program_holds_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.conversations.database._BUSY_SECONDS", 0.01)
    async with opened(path) as store:
        await store.create("talk")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(ConversationsBusy):
                await store.append("talk", NewMessage(b"a"))
            other.execute("ROLLBACK")
        assert (await store.append("talk", NewMessage(b"a"))).author is Author.USER


async def test_a_full_disk_keeps_what_was_acknowledged(database: Database) -> None:
    talk(database, "a", "A")
    pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
    database.connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(ConversationsDiskFull), translated(database.path):
        say(database, "talk", b"x" * 100_000)

    database.connection.execute("PRAGMA max_page_count = 100000")
    assert say(database, "talk", b"x" * 100_000)
    assert database.connection.execute("SELECT count(*) FROM message").fetchone() == (3,)
    assert database.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from engine.conversations.migration import load_migrations
from engine.conversations.records import NewMessage, Shelf
from engine.conversations.store import ConversationStore
from engine.errors import ConversationsReadOnly
async def main():
    store = ConversationStore(Path(sys.argv[1]))
    print(len((await store.page(Shelf.ACTIVE, size=10)).conversations))
    try:
        await store.append("talk", NewMessage(b"a"))
    except ConversationsReadOnly as told:
        print("refused")
    print(len((await store.window("talk")).messages))
    await store.close()
load_migrations()  # Python itself may lie where only this user can read it
if os.getuid() == 0:
    os.setuid(65534)
asyncio.run(main())
"""


async def test_a_file_that_cannot_be_written_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "kept" / "conversations.sqlite3"
        async with opened(path) as store:
            await store.create("talk")
            await store.append("talk", NewMessage(b"a"))
        assert said_by_a_reader(path) == ["1", "refused", "1"]


def said_by_a_reader(path: Path) -> list[str]:
    """Return what a process says that may only read the file: one of another user where it can."""
    path.chmod(0o444)
    path.parent.chmod(0o555)
    path.parent.parent.chmod(0o755)
    outcome = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    path.parent.chmod(0o755)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.split()


async def test_nobody_else_may_read_it(path: Path) -> None:
    before = os.umask(0)
    try:
        async with opened(path) as store:
            await store.create("talk")
    finally:
        os.umask(before)
    assert mode_of(path) == 0o600
    assert mode_of(path.parent) == 0o700


async def test_what_was_begun_is_kept_though_its_caller_is_cancelled(path: Path) -> None:
    async with opened(path) as store:
        await store.create("talk")
        work = asyncio.create_task(store.append("talk", NewMessage(b"a")))
        await asyncio.sleep(0)  # it has handed its work over now
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert len((await store.window("talk")).messages) == 1


async def test_old_deletions_become_final_at_the_next_start(path: Path) -> None:
    clock = HandClock(KEEP_DELETED_MS)
    async with opened(path, clock) as store:
        for name in ("old", "young", "kept"):
            await store.create(name)
        await store.delete("old")
        clock.now += KEEP_DELETED_MS
        await store.delete("young")
    async with opened(path, clock) as store:
        deleted = (await store.page(Shelf.DELETED, size=10)).conversations
        assert [each.id for each in deleted] == ["young"]
        assert await store.purge([]) == 1
        assert (await store.storage_numbers()).conversations == 1


async def test_a_closed_store_says_so(path: Path) -> None:
    async with opened(path) as store:
        await store.create("talk")
    with pytest.raises(EngineStopping):
        await store.create("talk")


async def test_the_journal_is_one_that_cannot_race(path: Path) -> None:
    database = open_database(path)
    modes = [
        database.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous")
    ]
    database.close()
    assert modes == ["truncate", 2]
