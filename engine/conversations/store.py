"""The conversation store as the engine uses it: one file, worked on in one thread of its own."""

from __future__ import annotations

from asyncio import Future
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from engine.conversations import (
    exporting,
    importing,
    message_removal,
    message_tree,
    search,
    shelves,
    storage,
    summaries,
)
from engine.conversations.change_feed import ChangeFeed, Changes, conversation_of
from engine.conversations.database import Clock, Database, wall_clock_ms
from engine.conversations.library_file import heading_line
from engine.conversations.records import (
    BranchWindow,
    Conversation,
    ConversationPage,
    HitPage,
    ImportCount,
    Message,
    MessageRemoval,
    NewMessage,
    Shelf,
    StorageNumbers,
)
from engine.conversations.store_thread import StoreThread

Result = TypeVar("Result")
Changed = TypeVar("Changed", Conversation, Message, MessageRemoval)


class ConversationStore:
    """Conversations, kept in one file. Methods return when what they did is on the disk.

    The file is opened with the first use, and again after a failure that may be over. Every method
    raises a ConversationStoreFailure, ConversationNotFound or InvalidInput; work that was begun is
    finished even if its caller is cancelled meanwhile. Close it.
    """

    def __init__(self, path: Path, clock: Clock = wall_clock_ms) -> None:
        self._thread = StoreThread(path, clock)
        self._feed = ChangeFeed()

    def changes(self) -> AsyncGenerator[Changes, None]:
        """Stream which conversations change, whoever changes them; first nothing, at once."""
        return self._feed.changes()

    async def create(self, conversation_id: str = "", title: str = "") -> Conversation:
        """Make a conversation, or return the one that has this id already."""
        return await self._write(
            partial(shelves.create, conversation_id=conversation_id, title=title)
        )

    async def page(self, shelf: Shelf, *, size: int, cursor: str = "") -> ConversationPage:
        """Return conversations of a shelf: pinned ones first, then the last changed first."""
        return await self._run(partial(shelves.page, shelf=shelf, size=size, cursor=cursor))

    async def window(
        self, conversation_id: str, *, before: str = "", size: int = 50
    ) -> BranchWindow:
        """Return the last messages of the selected branch, or the last ones before one on it."""
        return await self._run(
            partial(message_tree.window, conversation_id=conversation_id, before=before, size=size)
        )

    async def message(self, message_id: str) -> Message:
        """Return a message with its attachments' contents."""
        return await self._run(partial(message_tree.get, message_id=message_id))

    async def path_to(self, message_id: str) -> tuple[Message, ...]:
        """Return the messages from the conversation's beginning to this one, whole."""
        return await self._run(partial(message_tree.path_to, message_id=message_id))

    async def last_of_branch(self, conversation_id: str) -> str:
        """Return the id of the selected branch's last message; empty where there is none."""
        return await self._run(
            partial(message_tree.last_of_branch, conversation_id=conversation_id)
        )

    async def append(self, conversation_id: str, message: NewMessage, parent: str = "") -> Message:
        """Keep a user's message at the selected branch's end, or behind `parent`."""
        return await self._write(
            partial(
                message_tree.append,
                conversation_id=conversation_id,
                message=message,
                parent=parent,
            )
        )

    async def edit(self, message_id: str, message: NewMessage) -> Message:
        """Keep a user's message beside the one that it replaces, and select it."""
        return await self._write(partial(message_tree.edit, message_id=message_id, message=message))

    async def begin_answer(self, question_id: str, model: str = "") -> Message:
        """Keep an empty partial answer to a user's message, and select it."""
        return await self._write(
            partial(message_tree.begin_answer, question_id=question_id, model=model)
        )

    async def save_partial(self, message_id: str, content: bytes) -> None:
        """Keep what has been written of an answer so far."""
        await self._run(partial(message_tree.save_partial, message_id=message_id, content=content))

    async def finish(self, message: Message) -> None:
        """Keep an answer's end."""
        await self._thread.run(
            partial(message_tree.finish, message=message),
            lambda _done: self._feed.tell(message.conversation),
        )

    async def select(self, message_id: str) -> Message:
        """Select the branch through a message."""
        return await self._write(partial(message_tree.select, message_id=message_id))

    async def delete_message(self, message_id: str) -> MessageRemoval:
        """Take a message and all that follows it out of the tree."""
        return await self._write(partial(message_removal.delete_message, message_id=message_id))

    async def undelete_message(self, message_id: str) -> Message:
        """Bring back what went with a message, and select it."""
        return await self._write(partial(message_removal.undelete_message, message_id=message_id))

    async def keep_summary(self, message_id: str, content: bytes, model: str) -> Message:
        """Keep a summary of all messages up to an answer."""
        return await self._write(
            partial(summaries.keep_summary, message_id=message_id, content=content, model=model)
        )

    async def delete_summary(self, message_id: str) -> Message:
        """Remove a message's summary."""
        return await self._write(partial(summaries.delete_summary, message_id=message_id))

    async def change(
        self,
        conversation_id: str,
        *,
        title: str | None = None,
        is_pinned: bool | None = None,
        is_archived: bool | None = None,
        draft: bytes | None = None,
    ) -> Conversation:
        """Change what is given of a conversation."""
        work = partial(
            shelves.change,
            conversation_id=conversation_id,
            title=title,
            is_pinned=is_pinned,
            is_archived=is_archived,
            draft=draft,
        )
        is_draft_alone = title is None and is_pinned is None and is_archived is None
        return await (self._run(work) if is_draft_alone else self._write(work))

    async def delete(self, conversation_id: str) -> Conversation:
        """Put a conversation among the deleted ones."""
        return await self._write(partial(shelves.delete, conversation_id=conversation_id))

    async def undelete(self, conversation_id: str) -> Conversation:
        """Bring a deleted conversation back."""
        return await self._write(partial(shelves.undelete, conversation_id=conversation_id))

    async def purge(self, conversation_ids: Sequence[str]) -> int:
        """Remove deleted conversations for good, all of them where no id is given."""
        names = conversation_ids or await self._run(
            partial(shelves.deleted_before, before_ms=1 << 62)
        )
        removed = 0
        for name in names:
            removed += await self._run(partial(storage.purge, conversation_ids=[name]))
            self._feed.tell(name)
        return removed

    async def search(self, query: str, *, size: int = 50, cursor: str = "") -> HitPage:
        """Return where all of the query's words are, the newest first."""
        return await self._run(partial(search.search, query=query, size=size, cursor=cursor))

    async def storage_numbers(self) -> StorageNumbers:
        """Count what is kept."""
        return await self._run(storage.storage_numbers)

    async def export_json(self, conversation_ids: Sequence[str]) -> AsyncIterator[bytes]:
        """Yield a file's lines: its heading, then conversations; all where no id is given."""
        yield heading_line()
        for name in conversation_ids or await self._run(exporting.all_ids):
            yield await self._run(partial(exporting.as_json, conversation_id=name))

    async def export_markdown(self, conversation_ids: Sequence[str]) -> AsyncIterator[bytes]:
        """Yield the selected branches for reading; all where no id is given."""
        for name in conversation_ids or await self._run(exporting.all_ids):
            yield await self._run(partial(exporting.as_markdown, conversation_id=name))

    async def take_in(self, lines: Sequence[bytes]) -> ImportCount:
        """Take in some lines of an export, all of them at once on the disk."""
        count = await self._run(partial(importing.take_in, lines=lines))
        self._feed.tell_everything()
        self._thread.index_later()
        return count

    async def close(self) -> None:
        """Finish what was begun and close the file."""
        await self._thread.close()

    async def _run(self, work: Callable[[Database], Result]) -> Result:
        return await self._thread.run(work)

    async def _write(self, work: Callable[[Database], Changed]) -> Changed:
        """Do work that changes a conversation; who listens is told, also if the caller has left."""

        def tell(done: Future[Changed]) -> None:
            if not done.cancelled() and done.exception() is None:
                self._feed.tell(conversation_of(done.result()))

        return await self._thread.run(work, tell)
