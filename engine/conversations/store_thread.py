"""The one thread that works on the conversations' file: opens it, tidies it, and indexes."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from engine.conversations import message_removal, message_tree, search_index, shelves, storage
from engine.conversations.database import Clock, Database, open_database, translated
from engine.errors import (
    ConversationsBusy,
    ConversationsDiskFull,
    ConversationStoreFailure,
    EngineStopping,
)

Result = TypeVar("Result")

# Deleted conversations can be brought back for this long.
KEEP_DELETED_MS = 30 * 86_400_000


def _nobody(_done: Future[Result]) -> None:
    """Tell nobody: nothing has changed."""


class StoreThread:
    """Does pieces of work one after the other. Close it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="conversations")
        self._database: Database | None = None
        self._is_closed = False

    async def run(
        self, work: Callable[[Database], Result], tell: Callable[[Future[Result]], None] = _nobody
    ) -> Result:
        """Return what `work` does with the file; `tell` is called when it is done."""
        if self._is_closed:
            raise EngineStopping("The engine is ending; conversations are kept no more.")
        future = asyncio.wrap_future(self._thread.submit(self._work, work))
        # Work that is lined up is done even if nobody waits any more: its caller may have been
        # cancelled while it was saving an answer. Then nobody is there to be told of a failure.
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        future.add_done_callback(tell)
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Finish what was begun and close the file."""
        self._is_closed = True
        self._thread.submit(self._close)
        await asyncio.to_thread(self._thread.shutdown, wait=True)

    def _work(self, work: Callable[[Database], Result]) -> Result:
        if self._database is None:
            self._database = open_database(self._path, self._clock)
            self._tidy(self._database)
        try:
            with translated(self._path):
                return work(self._database)
        except (ConversationsBusy, ConversationsDiskFull):
            raise
        except ConversationStoreFailure:
            self._close()  # the next use sees whether somebody has put it right
            raise

    def _tidy(self, database: Database) -> None:
        """Do what an earlier engine left to do; a file that cannot be written is still read."""
        try:
            with translated(self._path):
                message_tree.seal_leftovers(database)
                before = self._clock() - KEEP_DELETED_MS
                old = shelves.deleted_before(database, before)
                storage.purge(database, old)
                message_removal.purge_messages(database, before)
        except ConversationStoreFailure:
            return  # whoever writes is told
        self.index_later()

    def index_later(self) -> None:
        """Take messages into the index between other work, a few at a time."""
        with suppress(RuntimeError):  # the thread is ending: the next start does it
            self._thread.submit(self._index_next)

    def _index_next(self) -> None:
        database = self._database
        if self._is_closed or database is None:
            return
        try:
            with translated(self._path):
                is_more = search_index.index_next(database)
        except ConversationStoreFailure:
            return  # the next start tries again
        if is_more:
            self.index_later()

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
