"""Keeps an answer on the disk while it is written."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from msgspec.structs import replace

from engine.conversations.records import Message, MessageState
from engine.conversations.store import ConversationStore
from engine.errors import EngineError
from engine.tasks.converse.steps import AnswerDone

# With what a save itself takes this stays below a second.
SECONDS_BETWEEN_SAVES = 0.5


class AnswerKeeper:
    """Saves what has come of an answer, in the background, and its end."""

    def __init__(
        self, store: ConversationStore, message: Message, seconds: float = SECONDS_BETWEEN_SAVES
    ) -> None:
        self._store = store
        self._message = message
        self._seconds = seconds
        self._pieces: list[bytes] = []
        self._is_new = asyncio.Event()
        self._saving = asyncio.create_task(self._save_on())

    def add(self, text: bytes) -> None:
        """Take a piece; it is saved soon. Raises what an earlier save has met."""
        if self._saving.done():
            self._saving.result()
        self._pieces.append(text)
        self._is_new.set()

    async def finish(self, done: AnswerDone) -> None:
        """Keep the whole answer."""
        await self._stop_saving()
        await self._store.finish(
            replace(
                self._message,
                content=b"".join(self._pieces),
                state=MessageState.COMPLETE,
                model=done.model,
                figures=done.figures,
            )
        )

    async def give_up(self, failure: EngineError | None) -> None:
        """Keep what there is: as failed, or as partial where there is no failure to tell."""
        await self._stop_saving()
        await self._store.finish(
            replace(
                self._message,
                content=b"".join(self._pieces),
                state=MessageState.PARTIAL if failure is None else MessageState.FAILED,
                failure="" if failure is None else failure.message,
            )
        )

    async def _save_on(self) -> None:
        while True:
            await self._is_new.wait()
            self._is_new.clear()
            await self._store.save_partial(self._message.id, b"".join(self._pieces))
            await asyncio.sleep(self._seconds)

    async def _stop_saving(self) -> None:
        self._saving.cancel()
        # A save that failed is told by the last one, which fails as well or makes up for it.
        with suppress(asyncio.CancelledError, EngineError):
            await self._saving
