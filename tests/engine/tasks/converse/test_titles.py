"""Titles that a model writes: what it is asked, what is kept, and what is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.conversations.records import MessageState, NewMessage
from engine.conversations.store import ConversationStore
from engine.inference.language_model import Figures
from engine.tasks.converse.steps import AnswerDone, AnswerPiece, Asked, ModelStep, PromptAccepted
from engine.tasks.converse.titles import TitleWish, TitleWriter, tidy_title

TITLES = {
    '"Sorting a list in place"': "Sorting a list in place",
    "**Title: Sort a list.**": "Sort a list",
    "\n\n标题：「列表排序」。": "列表排序",
    "# Tail\nand a second line": "Tail",
    "a\x1b[31m\u202eb": "a [31m b",
    "w" * 80: "w" * 59 + "…",
    "...": "",
    "": "",
}


class Model:
    """Says a text, and lets something happen before its end."""

    def __init__(self, text: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.asked: list[Asked] = []
        self._text = text
        self._meanwhile = meanwhile

    async def answer(self, asked: Asked) -> AsyncGenerator[ModelStep, None]:
        self.asked.append(asked)
        yield PromptAccepted(7, 2048)
        yield AnswerPiece(self._text.encode())
        happening = self._meanwhile()
        if asyncio.iscoroutine(happening):
            await happening
        yield AnswerDone("complete", Figures(), "small")


async def talk(store: ConversationStore, question: str, answer: str = "so it is") -> None:
    await store.create("talk")
    asked = await store.append("talk", NewMessage(question.encode()))
    if answer:
        begun = await store.begin_answer(asked.id)
        await store.finish(replace(begun, content=answer.encode(), state=MessageState.COMPLETE))


@pytest.mark.parametrize("written", TITLES)
def test_what_a_model_writes_becomes_a_line(written: str) -> None:
    assert tidy_title(written) == TITLES[written]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("question", "words"), [("how to sort?", b"title"), ("怎么排序", "标题".encode())]
)
async def test_the_model_is_asked_in_the_questions_language(
    tmp_path: Path, question: str, words: bytes
) -> None:
    model = Model("Sorting")
    store = ConversationStore(tmp_path / "kept.sqlite3")
    try:
        await talk(store, question)
        named = await TitleWriter(store, model.answer).write(TitleWish("talk", client="window"))
        kept = (await store.window("talk")).conversation
    finally:
        await store.close()

    assert named.title == kept.title == "Sorting"
    (asked,) = model.asked
    assert [turn.content for turn in asked.turns[:2]] == [question.encode(), b"so it is"]
    assert words in asked.turns[2].content
    assert (asked.wish.is_background, asked.wish.client) == (True, "window")


@pytest.mark.asyncio
@pytest.mark.parametrize("case", ["named before", "named meanwhile", "no answer", "says nothing"])
async def test_a_title_is_left_alone(tmp_path: Path, case: str) -> None:
    store = ConversationStore(tmp_path / "kept.sqlite3")
    model = Model("Sorting" if case != "says nothing" else " ")
    if case == "named meanwhile":
        model = Model("Sorting", lambda: store.change("talk", title="mine"))
    try:
        await talk(store, "how?", "" if case == "no answer" else "so")
        if case == "named before":
            await store.change("talk", title="mine")
        named = await TitleWriter(store, model.answer).write(TitleWish("talk"))
        kept = (await store.window("talk")).conversation
    finally:
        await store.close()

    assert named.title == kept.title == ("mine" if case.startswith("named") else "how?")
    assert len(model.asked) == (case in {"named meanwhile", "says nothing"})


@pytest.mark.asyncio
async def test_the_first_line_of_an_edited_question_is_no_name(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "kept.sqlite3")
    try:
        await talk(store, "how?")
        first = (await store.window("talk")).messages[0]
        edited = await store.edit(first.id, NewMessage(b"how do I sort?"))
        begun = await store.begin_answer(edited.id)
        await store.finish(replace(begun, content=b"so", state=MessageState.COMPLETE))
        named = await TitleWriter(store, Model("Sorting").answer).write(TitleWish("talk"))
    finally:
        await store.close()

    assert named.title == "Sorting"
