"""Files of conversations on the wire: pieces for sending, lines of what comes in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator

from engine.conversations.importing import check_heading
from engine.conversations.records import ImportCount
from engine.conversations.store import ConversationStore
from engine.errors import InvalidInput

_PIECE_BYTES = 1 << 20
# Lines are taken in together up to this size: one commit for many small conversations.
_BATCH_BYTES = 1 << 20
# In JSON a conversation with large attachments takes a third more than it is.
_LONGEST_LINE_BYTES = 256 << 20


async def pieces_of(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield a file's content in pieces that fit a message."""
    waiting = bytearray()
    async for line in lines:
        waiting += line
        while len(waiting) >= _PIECE_BYTES:
            yield bytes(waiting[:_PIECE_BYTES])
            del waiting[:_PIECE_BYTES]
    if waiting:
        yield bytes(waiting)


async def take_in(
    store: ConversationStore, pieces: AsyncIterator[bytes]
) -> AsyncIterator[ImportCount]:
    """Take an exported file in; yield how much of it is on the disk, from time to time.

    Raises InvalidInput where it is no such file; whole conversations before that are kept.
    """
    count = ImportCount()
    is_first = True
    batch: list[bytes] = []
    batch_bytes = 0
    async for line in _lines(pieces):
        if is_first:
            check_heading(line)
            is_first = False
            continue
        if line.strip():
            batch.append(line)
            batch_bytes += len(line)
        if batch_bytes >= _BATCH_BYTES:
            count = _sum(count, await store.take_in(batch))
            yield count
            batch, batch_bytes = [], 0
    if is_first:
        raise InvalidInput("The file is empty.")
    yield _sum(count, await store.take_in(batch))


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the lines of a text that comes in pieces."""
    waiting = bytearray()
    searched = 0
    async for piece in pieces:
        waiting += piece
        while (end := waiting.find(b"\n", searched)) >= 0:
            yield bytes(waiting[:end])
            del waiting[: end + 1]
            searched = 0
        searched = len(waiting)
        if searched > _LONGEST_LINE_BYTES:
            raise InvalidInput("The file has a line too long to be a conversation.")
    if waiting:
        yield bytes(waiting)


def _sum(one: ImportCount, other: ImportCount) -> ImportCount:
    return ImportCount(
        one.conversations_added + other.conversations_added,
        one.messages_added + other.messages_added,
        one.messages_known + other.messages_known,
        one.lines_refused + other.lines_refused,
    )
