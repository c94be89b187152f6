"""Lets the model name a conversation by its first question and answer."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from contextlib import aclosing
from importlib.resources import files

import msgspec

from engine.conversations.records import Author, Conversation, Message
from engine.conversations.shelves import title_from
from engine.conversations.store import ConversationStore
from engine.prompts.turns import Speaker, Turn
from engine.tasks.converse.history import language_of_text
from engine.tasks.converse.steps import Answering, AnswerPiece, AnswerWish, Asked

# Most of what a title is about is said at the beginning.
_MOST_QUESTION_BYTES = 1200
_MOST_ANSWER_BYTES = 800
_MOST_TOKENS = 24
_MOST_CHARACTERS = 60
_LABEL = re.compile(r"^(title|标题)\s*[:：]\s*", re.IGNORECASE)
_AROUND = " \t\"'`*#_“”‘’「」《》.。"


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ask: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    languages: Mapping[str, _Words]


class TitleWish(msgspec.Struct, frozen=True):
    """Which conversation is to be named; an empty language means that of its question."""

    conversation: str
    model: str = ""
    language: str = ""
    client: str = ""


class TitleWriter:
    """Names conversations that nobody has named."""

    def __init__(self, store: ConversationStore, answering: Answering) -> None:
        self._store = store
        self._answering = answering

    async def write(self, wish: TitleWish) -> Conversation:
        """Return the conversation with its new title, or as it is where there is none to be had.

        A title that a user gave stays, also one that is given meanwhile. Takes turns behind all
        other work of the model. Raises what chat does, and ConversationNotFound.
        """
        path = await self._first_exchange(wish.conversation)
        before = (await self._store.window(wish.conversation, size=1)).conversation
        if len(path) < 2 or not await self._is_derived(before, path[0]):
            return before
        title = tidy_title(await self._written(wish, path[0], path[1]))
        now = (await self._store.window(wish.conversation, size=1)).conversation
        if not title or now.title != before.title:
            return now
        return await self._store.change(wish.conversation, title=title)

    async def _is_derived(self, conversation: Conversation, question: Message) -> bool:
        """Return whether a title is only a first question's first line, an edited one's too."""
        if conversation.title in ("", title_from(question.content)):
            return True
        for other in question.alternatives:
            if other == question.id:
                continue
            if conversation.title == title_from((await self._store.message(other)).content):
                return True
        return False

    async def _written(self, wish: TitleWish, question: Message, answer: Message) -> str:
        asked_in = wish.language or language_of_text(question.content[:_MOST_QUESTION_BYTES])
        ask = _words().languages[asked_in].ask.strip().encode()
        asked = Asked(
            turns=(
                Turn(Speaker.USER, _beginning(question, _MOST_QUESTION_BYTES)),
                Turn(Speaker.ASSISTANT, _beginning(answer, _MOST_ANSWER_BYTES)),
                Turn(Speaker.USER, ask),
            ),
            attachments=(),
            wish=AnswerWish(
                wish.conversation,
                model=wish.model,
                max_tokens=_MOST_TOKENS,
                temperature=0.0,
                drop_oldest=True,
                language=asked_in,
                client=wish.client,
                is_background=True,
            ),
        )
        async with aclosing(self._answering(asked)) as steps:
            pieces = [step.text async for step in steps if isinstance(step, AnswerPiece)]
        return b"".join(pieces).decode("utf-8", "replace")

    async def _first_exchange(self, conversation: str) -> tuple[Message, ...]:
        last = await self._store.last_of_branch(conversation)
        path = await self._store.path_to(last) if last else ()
        said = tuple(each for each in path if each.content.strip())[:2]
        authors = [each.author for each in said]
        return said if authors == [Author.USER, Author.ASSISTANT] else ()


def tidy_title(written: str) -> str:
    """Return what a model wrote as a title; empty where it is none."""
    line = next((line for line in written.splitlines() if line.strip()), "")
    plain = "".join(each if each.isprintable() else " " for each in line)
    words = " ".join(_LABEL.sub("", plain.strip(_AROUND)).strip(_AROUND).split())
    if len(words) <= _MOST_CHARACTERS:
        return words
    return words[: _MOST_CHARACTERS - 1].rstrip() + "…"


def _beginning(message: Message, most_bytes: int) -> bytes:
    return message.content[:most_bytes].decode("utf-8", "ignore").encode()


@functools.cache
def _words() -> _File:
    text = (files(__package__) / "titles.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _File)
