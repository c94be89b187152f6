"""Tells what a message in a kept conversation would cost before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from engine.conversations.records import Author, Message
from engine.conversations.store import ConversationStore
from engine.errors import InvalidInput
from engine.prompts.measure import ChatMeasure, MeasuredMessage, MeasuredTurn
from engine.prompts.turns import Attachment, Speaker
from engine.tasks.converse.history import attachments_of

_SPEAKERS = {Author.USER: Speaker.USER, Author.ASSISTANT: Speaker.ASSISTANT}


class MeasureWish(msgspec.Struct, frozen=True):
    """What is being written, and where: an empty conversation measures it alone.

    `parent` is the message that it follows; empty means the selected branch's last one.
    """

    content: bytes
    attachments: tuple[Attachment, ...] = ()
    conversation: str = ""
    parent: str = ""
    model: str = ""
    max_tokens: int = 0
    language: str = "en"


class Measuring(Protocol):
    """What measures a chat."""

    async def __call__(
        self,
        turns: Sequence[MeasuredTurn],
        *,
        model_name: str,
        max_tokens: int,
        language: str,
    ) -> ChatMeasure:
        """Tell what a chat would cost."""


class ConversationMeter:
    """Measures; changes nothing."""

    def __init__(self, store: ConversationStore, measuring: Measuring) -> None:
        self._store = store
        self._measuring = measuring

    async def measure(self, wish: MeasureWish) -> ChatMeasure:
        """Tell what the message would cost with all that comes before it.

        Raises ConversationNotFound, InvalidInput, ConversationStoreFailure, and what a model does.
        """
        draft = MeasuredMessage("", wish.content, wish.attachments)
        return await self._measuring(
            measured_turns(await self._path(wish), draft),
            model_name=wish.model,
            max_tokens=wish.max_tokens,
            language=wish.language,
        )

    async def _path(self, wish: MeasureWish) -> tuple[Message, ...]:
        if not wish.conversation:
            return ()
        name = wish.parent or await self._store.last_of_branch(wish.conversation)
        if not name:
            return ()
        path = await self._store.path_to(name)
        if path[-1].conversation != wish.conversation:
            raise InvalidInput("The message to follow is one of another conversation.")
        return path


def measured_turns(path: Sequence[Message], draft: MeasuredMessage) -> tuple[MeasuredTurn, ...]:
    """Return the turns of a path and the draft, as `history.turns_of` would join them."""
    summarised = next((each for each in reversed(path) if each.summary is not None), None)
    behind = path[path.index(summarised) + 1 :] if summarised is not None else path
    turns: list[MeasuredTurn] = []
    kept = [
        (_SPEAKERS[each.author], MeasuredMessage(each.id, each.content, attachments_of(each)))
        for each in behind
        if each.content.strip() or each.attachments
    ]
    for speaker, message in [*kept, (Speaker.USER, draft)]:
        if turns and turns[-1].speaker is speaker:
            before = turns.pop().messages
            turns.append(MeasuredTurn(speaker, (*before, message)))
        else:
            turns.append(MeasuredTurn(speaker, (message,)))
    if summarised is not None and summarised.summary is not None:
        summary = summarised.summary.content
        turns[0] = replace(turns[0], summary=summary, summary_of=summarised.id)
    return tuple(turns)
