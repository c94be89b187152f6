"""Searches folders for what a question is about, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from engine.errors import InvalidInput
from engine.retrieval.folder_index import FolderIndex, Found
from engine.retrieval.symbol_reader import ReadApart, SymbolReader

# A user asks about one or two projects at a time; more would only hold memory.
_MOST_FOLDERS = 2


class FolderSearch:
    """Keeps what it has read of the last folders. Close it."""

    def __init__(self, symbols: SymbolReader | None = None) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="folder-search")
        self._symbols = symbols or ReadApart()
        self._folders: dict[Path, FolderIndex] = {}

    async def search(self, folder: Path, question: str, *, size: int, most_bytes: int) -> Found:
        """Return the passages of a folder that fit a question. Cancelling stops it at once.

        Raises InvalidInput where the folder is none.
        """
        is_cancelled = threading.Event()
        work = partial(self._search, folder, question, size, most_bytes, is_cancelled)
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await future
        except asyncio.CancelledError:
            is_cancelled.set()
            raise

    async def close(self) -> None:
        """End what is under way."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._symbols.rest)

    def _search(
        self,
        folder: Path,
        question: str,
        size: int,
        most_bytes: int,
        is_cancelled: threading.Event,
    ) -> Found:
        if not folder.is_absolute() or not folder.is_dir():
            raise InvalidInput("The folder does not exist, or its path is not absolute.")
        index = self._folders.pop(folder, None) or FolderIndex(folder, self._symbols)
        self._folders[folder] = index
        while len(self._folders) > _MOST_FOLDERS:
            del self._folders[next(iter(self._folders))]
        try:
            return index.search(
                question, size=size, most_bytes=most_bytes, cancelled=is_cancelled.is_set
            )
        finally:
            self._symbols.rest()
