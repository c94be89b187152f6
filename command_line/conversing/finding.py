"""Finds kept conversations: by the beginning of their ids, and page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from rpc.client import Limpet
from rpc.conversation_records import Conversation, Shelf
from rpc.failures import ConversationNotFound, InvalidRequest

_PAGE = 500


def conversations_of(engine: Limpet, shelf: Shelf) -> Iterator[Conversation]:
    """Yield a shelf's conversations, pinned ones first, then the last changed first."""
    cursor = ""
    while True:
        page = engine.conversations.list(shelf, size=_PAGE, cursor=cursor)
        yield from page.conversations
        cursor = page.cursor
        if not cursor:
            return


def id_of(engine: Limpet, name: str, shelves: Sequence[Shelf] = tuple(Shelf)) -> str:
    """Return the id that begins with `name`. Raises ConversationNotFound, InvalidRequest."""
    with suppress(ConversationNotFound):
        return engine.conversations.window(name, size=1).conversation.id
    found = [
        each.id
        for shelf in shelves
        for each in conversations_of(engine, shelf)
        if name and each.id.startswith(name)
    ]
    if not found:
        raise ConversationNotFound(
            f"There is no conversation {name}.",
            advice="`limpet conversations list` shows their ids.",
            reason="CONVERSATION_NOT_FOUND",
        )
    if len(found) > 1:
        raise InvalidRequest(
            f"{len(found)} conversations begin with {name}.", advice="Write more of the id."
        )
    return found[0]
