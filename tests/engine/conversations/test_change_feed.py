"""Listeners hear of every change, once, whoever made it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from engine.conversations.change_feed import Changes
from engine.conversations.records import NewMessage
from engine.conversations.store import ConversationStore

pytestmark = pytest.mark.asyncio

SECONDS = 20.0
Change = Callable[[ConversationStore, str], Awaitable[object]]


async def finished(store: ConversationStore, question: str) -> None:
    await store.finish(await store.begin_answer(question))


async def purged(store: ConversationStore, _question: str) -> None:
    await store.delete("talk")
    await store.purge(["talk"])


CHANGES: dict[str, Change] = {
    "title": lambda store, _: store.change("talk", title="new"),
    "pin": lambda store, _: store.change("talk", is_pinned=True),
    "message": lambda store, _: store.append("talk", NewMessage(b"more")),
    "edit": lambda store, question: store.edit(question, NewMessage(b"other")),
    "branch": lambda store, question: store.select(question),
    "answer": finished,
    "deletion": lambda store, _: store.delete("talk"),
    "return": lambda store, _: store.undelete("talk"),
    "purge": purged,
    "message deletion": lambda store, question: store.delete_message(question),
    "message return": lambda store, question: store.undelete_message(question),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_is_told(tmp_path: Path, name: str) -> None:
    store = ConversationStore(tmp_path / "kept.sqlite3")
    try:
        await store.create("talk")
        await store.create("other")
        question = (await store.append("talk", NewMessage(b"why?"))).id
        async with asyncio.timeout(SECONDS), aclosing(store.changes()) as changes:
            assert await anext(changes) == Changes()
            await CHANGES[name](store, question)
            assert await anext(changes) == Changes(frozenset({"talk"}))
    finally:
        await store.close()


async def test_a_draft_and_a_failure_are_no_news_and_changes_are_gathered(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "kept.sqlite3")
    try:
        await store.create("first")
        async with asyncio.timeout(SECONDS), aclosing(store.changes()) as changes:
            await anext(changes)
            await store.change("first", draft=b"half a ques")
            with pytest.raises(Exception, match="no such"):
                await store.delete("missing")
            await store.create("second")
            await store.create("third")
            assert await anext(changes) == Changes(frozenset({"second", "third"}))
            await store.take_in([])
            assert await anext(changes) == Changes(everything=True)
    finally:
        await store.close()
