"""Tells whoever listens which conversations have changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import msgspec

from engine.conversations.records import Conversation, Message, MessageRemoval


class Changes(msgspec.Struct, frozen=True):
    """The ids of conversations that changed; with `everything` any may have."""

    conversations: frozenset[str] = frozenset()
    everything: bool = False


def conversation_of(changed: Conversation | Message | MessageRemoval) -> str:
    """Return the id of the conversation that a change was in."""
    match changed:
        case Conversation(id=name) | Message(conversation=name):
            return name
        case MessageRemoval(conversation):
            return conversation.id


class ChangeFeed:
    """Gathers changes for each listener until it takes them. Belongs to one event loop.

    A slow listener costs no more than the set of ids that changed.
    """

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()

    def tell(self, *conversations: str) -> None:
        """Note that conversations have changed."""
        for listener in self._listeners:
            listener.changed.update(conversations)
            listener.has_news.set()

    def tell_everything(self) -> None:
        """Note that any conversation may have changed."""
        for listener in self._listeners:
            listener.is_everything = True
            listener.has_news.set()

    async def changes(self) -> AsyncGenerator[Changes, None]:
        """Stream what changes: first nothing, at once, to say that no change is missed any more."""
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield Changes()
            while True:
                await listener.has_news.wait()
                yield listener.take()
        finally:
            self._listeners.discard(listener)


class _Listener:
    def __init__(self) -> None:
        self.changed: set[str] = set()
        self.is_everything = False
        self.has_news = asyncio.Event()

    def take(self) -> Changes:
        taken = Changes(frozenset(self.changed), self.is_everything)
        self.changed.clear()
        self.is_everything = False
        self.has_news.clear()
        return taken
