"""Files of conversations on the wire: pieces for sending, lines of what comes in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from engine.conversations.database import wall_clock_ms
from engine.conversations.importing import check_heading
from engine.conversations.markdown_file import conversations_of
from engine.conversations.records import ImportCount
from engine.conversations.store import ConversationStore
from engine.errors import InvalidInput

_PIECE_BYTES = 1 << 20
# Lines are taken in together up to this size: one commit for many small conversations.
_BATCH_BYTES = 1 << 20
# In JSON a conversation with large attachments takes a third more than it is.
_LONGEST_LINE_BYTES = 256 << 20
_LARGEST_MARKDOWN_BYTES = 32 << 20


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

    Raises InvalidInput where it is no such file; whole conversations before that are kept. A file
    that does not begin as JSON is taken for Markdown.
    """
    count = ImportCount()
    is_first = True
    batch: list[bytes] = []
    batch_bytes = 0
    lines = _lines(pieces)
    async for line in lines:
        if is_first and not line.lstrip().startswith(b"{"):
            yield await _take_markdown_in(store, line, lines)
            return
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


async def _take_markdown_in(
    store: ConversationStore, first: bytes, others: AsyncIterator[bytes]
) -> ImportCount:
    """Take Markdown in, which can only be read as a whole."""
    lines, size = [first], len(first)
    async for line in others:
        lines.append(line)
        size += len(line)
        if size > _LARGEST_MARKDOWN_BYTES:
            raise InvalidInput(
                f"The file has more than {_LARGEST_MARKDOWN_BYTES >> 20} MiB, which is no "
                "conversation in Markdown."
            )
    # Large texts take a while, and the engine goes on answering meanwhile.
    entries = await asyncio.to_thread(conversations_of, b"\n".join(lines), wall_clock_ms())
    if not entries:
        raise InvalidInput(
            "The file is neither an export nor Markdown that says who speaks.",
            advice="Markdown needs headings such as `## User` and `## Assistant`.",
        )
    return await store.take_in([msgspec.json.encode(entry) for entry in entries])


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
