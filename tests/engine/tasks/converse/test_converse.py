"""Answers in kept conversations: what the model is asked, and what is on the disk meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from engine.conversations.records import KeptAttachment, Message, MessageState, NewMessage
from engine.conversations.store import ConversationStore
from engine.errors import ConversationNotFound, EngineError, InvalidInput, WorkerDied
from engine.inference.language_model import Figures
from engine.prompts.catalog import Catalog
from engine.prompts.turns import Attachment, Speaker, Turn
from engine.tasks.converse.converse import Converse
from engine.tasks.converse.steps import (
    AnswerDone,
    AnswerKept,
    AnswerPiece,
    AnswerWish,
    Asked,
    ModelStep,
    PromptAccepted,
)

pytestmark = pytest.mark.asyncio

CATALOG = Catalog.load()
FIGURES = Figures(prompt_tokens=5)
DONE = AnswerDone("complete", FIGURES, "small")
DEADLINE_SECONDS = 10.0


class FakeChat:
    """Says `pieces` one by one, when it is let; then fails, or ends."""

    def __init__(
        self, *pieces: bytes, failure: EngineError | None = None, begins: bool = True
    ) -> None:
        self.asked: list[Asked] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.is_closed = False
        self._pieces = pieces
        self._failure = failure
        self._begins = begins

    async def answer(self, asked: Asked) -> AsyncGenerator[ModelStep, None]:
        self.asked.append(asked)
        try:
            if self._begins:
                yield PromptAccepted(7, 2048)
            for piece in self._pieces:
                yield AnswerPiece(piece)
            await self.go_on.wait()
            if self._failure is not None:
                raise self._failure
            yield DONE
        finally:
            self.is_closed = True


@asynccontextmanager
async def kept(folder: Path) -> AsyncIterator[ConversationStore]:
    store = ConversationStore(folder / "conversations.sqlite3")
    await store.create("talk")
    try:
        yield store
    finally:
        await store.close()


def converse(store: ConversationStore, chat: FakeChat, seconds: float = 0.01) -> Converse:
    return Converse(store, chat.answer, CATALOG, seconds)


async def answered(store: ConversationStore, chat: FakeChat, message: str = "") -> list[object]:
    wish = AnswerWish("talk", message)
    return [step async for step in converse(store, chat).answer(wish)]


async def branch(store: ConversationStore) -> tuple[Message, ...]:
    return (await store.window("talk")).messages


async def test_an_answer_is_whole_on_the_disk_before_its_end_is_told(tmp_path: Path) -> None:
    async with kept(tmp_path) as store:
        question = await store.append("talk", NewMessage(b"why?"))
        async with aclosing(
            converse(store, FakeChat(b"be", b"cause")).answer(AnswerWish("talk"))
        ) as steps:
            began = await anext(steps)
            assert isinstance(began, AnswerKept)
            assert began.prompt == PromptAccepted(7, 2048)
            first = (await branch(store))[-1]
            assert (first.id, first.state) == (began.message.id, MessageState.PARTIAL)
            rest = [await anext(steps) for _ in range(3)]
        assert rest == [AnswerPiece(b"be"), AnswerPiece(b"cause"), DONE]
        answer = (await branch(store))[-1]
        assert (answer.content, answer.state) == (b"because", MessageState.COMPLETE)
        assert (answer.parent, answer.model, answer.figures) == (question.id, "small", FIGURES)


async def test_what_has_come_is_saved_while_the_model_is_silent(tmp_path: Path) -> None:
    chat = FakeChat(b"half an ", b"answer")
    chat.go_on.clear()
    async with kept(tmp_path) as store:
        await store.append("talk", NewMessage(b"why?"))
        async with aclosing(converse(store, chat).answer(AnswerWish("talk"))) as steps:
            for _ in range(3):
                await anext(steps)
            async with asyncio.timeout(DEADLINE_SECONDS):
                while (await branch(store))[-1].content != b"half an answer":
                    pass
            assert (await branch(store))[-1].state is MessageState.PARTIAL


async def test_a_cancelled_answer_stays_as_partial_and_stops_the_model(tmp_path: Path) -> None:
    chat = FakeChat(b"half")
    chat.go_on.clear()
    async with kept(tmp_path) as store:
        await store.append("talk", NewMessage(b"why?"))
        has_text = asyncio.Event()

        async def read() -> None:
            slow = Converse(store, chat.answer, CATALOG, seconds_between_saves=3600)
            async with aclosing(slow.answer(AnswerWish("talk"))) as steps:
                async for step in steps:
                    if isinstance(step, AnswerPiece):
                        has_text.set()

        reading = asyncio.create_task(read())
        await has_text.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        answer = (await branch(store))[-1]
        assert (answer.content, answer.state) == (b"half", MessageState.PARTIAL)
        assert chat.is_closed


async def test_an_answer_that_breaks_off_is_kept_with_the_reason(tmp_path: Path) -> None:
    async with kept(tmp_path) as store:
        await store.append("talk", NewMessage(b"why?"))
        with pytest.raises(WorkerDied):
            await answered(store, FakeChat(b"half", failure=WorkerDied("It died.")))
        answer = (await branch(store))[-1]
        assert (answer.content, answer.state) == (b"half", MessageState.FAILED)
        assert answer.failure == "It died."


async def test_an_answer_that_never_begins_leaves_only_the_question(tmp_path: Path) -> None:
    chat = FakeChat(failure=InvalidInput("No."), begins=False)
    async with kept(tmp_path) as store:
        await store.append("talk", NewMessage(b"why?"))
        with pytest.raises(InvalidInput):
            await answered(store, chat)
        assert [message.content for message in await branch(store)] == [b"why?"]


async def test_an_answer_is_written_anew_beside_the_old_one(tmp_path: Path) -> None:
    async with kept(tmp_path) as store:
        await store.append("talk", NewMessage(b"why?"))
        await answered(store, FakeChat(b"one"))
        old = (await branch(store))[-1]
        chat = FakeChat(b"two")
        await answered(store, chat, old.id)
        new = (await branch(store))[-1]
        assert (new.content, new.alternatives) == (b"two", (old.id, new.id))
        assert chat.asked[0].turns == (Turn(Speaker.USER, b"why?"),)


async def test_the_model_is_asked_with_all_that_was_said(tmp_path: Path) -> None:
    first, last = KeptAttachment("a.py", b"x = 1", 3, 3), KeptAttachment("b.py", b"y = 2")
    async with kept(tmp_path) as store:
        await store.append("talk", NewMessage(b"why?", (first,)))
        await answered(store, FakeChat(b"because"))
        await store.append("talk", NewMessage(b"never answered"))
        await store.append("talk", NewMessage(b"and?", (last,)))
        chat = FakeChat(b"no")
        await answered(store, chat)
    (asked,) = chat.asked
    shown = CATALOG.chat_task("en").question_with([Attachment("a.py", b"x = 1", 3, 3)], b"why?")
    assert asked.turns == (
        Turn(Speaker.USER, shown),
        Turn(Speaker.ASSISTANT, b"because"),
        Turn(Speaker.USER, b"never answered\n\nand?"),
    )
    assert asked.attachments == (Attachment("b.py", b"y = 2"),)


async def test_what_cannot_be_answered_is_refused(tmp_path: Path) -> None:
    async with kept(tmp_path) as store:
        with pytest.raises(InvalidInput, match="no message"):
            await answered(store, FakeChat())
        await store.append("talk", NewMessage(b"why?"))
        await answered(store, FakeChat(b"because"))
        with pytest.raises(InvalidInput, match="answer already"):
            await answered(store, FakeChat())
        await store.create("other")
        foreign = await store.append("other", NewMessage(b"x"))
        with pytest.raises(InvalidInput, match="another conversation"):
            await answered(store, FakeChat(), foreign.id)
        with pytest.raises(ConversationNotFound):
            await answered(store, FakeChat(), "nosuch")
