"""Summaries: what is shortened, what the model is asked, what stands in the prompt instead."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.conversations.records import KeptAttachment, Message, MessageState, NewMessage
from engine.conversations.store import ConversationStore
from engine.errors import InvalidInput, PromptTooLong
from engine.inference.language_model import Figures
from engine.prompts.catalog import Catalog
from engine.prompts.measure import (
    ChatMeasure,
    MeasuredMessage,
    MeasuredPart,
    MeasuredTurn,
    PartKind,
)
from engine.tasks.converse.history import turns_of
from engine.tasks.converse.measuring import ConversationMeter, measured_turns
from engine.tasks.converse.steps import AnswerDone, AnswerPiece, Asked, ModelStep, PromptAccepted
from engine.tasks.converse.summaries import (
    SummaryProgress,
    SummaryWish,
    SummaryWriter,
    beginning_of,
    tidy_notes,
)

TASK = Catalog.load().chat_task("en")


class Model:
    """Says the summaries one after the other; refuses prompts that are longer than it can read."""

    def __init__(self, *texts: bytes, most_bytes: int = 1 << 20) -> None:
        self.asked: list[bytes] = []
        self._texts = list(texts)
        self._most_bytes = most_bytes

    async def answer(self, asked: Asked) -> AsyncGenerator[ModelStep, None]:
        (turn,) = asked.turns
        if len(turn.content) > self._most_bytes:
            raise PromptTooLong("Too long.", needed_tokens=2, available_tokens=1, parts=())
        self.asked.append(turn.content)
        yield PromptAccepted(7, 2048)
        yield AnswerPiece(self._texts.pop(0))
        yield AnswerDone("complete", Figures(), "small")


async def measuring(
    turns: Sequence[MeasuredTurn], *, model_name: str, max_tokens: int, language: str
) -> ChatMeasure:
    """Count a token for each byte; the model reads 100 beside its answer."""
    parts = [
        MeasuredPart(PartKind.MESSAGE, len(message.content), message.id)
        for turn in turns
        for message in turn.messages
    ]
    return ChatMeasure(tuple(parts), 0, 20, 120, fits=True, model="small")


@asynccontextmanager
async def kept(folder: Path) -> AsyncIterator[ConversationStore]:
    store = ConversationStore(folder / "conversations.sqlite3")
    await store.create("talk")
    try:
        yield store
    finally:
        await store.close()


async def exchange(store: ConversationStore, question: bytes, answer: bytes) -> Message:
    """Keep a question and its answer; return the answer."""
    asked = await store.append("talk", NewMessage(question))
    begun = await store.begin_answer(asked.id)
    await store.finish(replace(begun, content=answer, state=MessageState.COMPLETE))
    return await store.message(begun.id)


async def written(
    store: ConversationStore, model: Model, message: str = ""
) -> tuple[list[SummaryProgress], Message]:
    writer = SummaryWriter(store, model.answer, ConversationMeter(store, measuring))
    *progress, last = [step async for step in writer.write(SummaryWish("talk", message))]
    assert isinstance(last, Message)
    return [each for each in progress if isinstance(each, SummaryProgress)], last


def prompt_of(path: Sequence[Message]) -> list[bytes]:
    return [turn.content for turn in turns_of(path, TASK)]


@pytest.mark.asyncio
async def test_the_newest_messages_stay_and_the_others_are_summarised(tmp_path: Path) -> None:
    model = Model(b"They talked.")
    async with kept(tmp_path) as store:
        first = await exchange(store, b"q" * 20, b"a" * 20)
        await exchange(store, b"r" * 20, b"b" * 20)
        question = await store.append("talk", NewMessage(b"s" * 5))
        progress, message = await written(store, model)
        path = await store.path_to(question.id)

    assert progress == [SummaryProgress(0, 1), SummaryProgress(1, 1)]
    assert message.id == first.id
    assert message.summary is not None
    assert (message.summary.content, message.summary.model) == (b"They talked.", "small")
    assert prompt_of(path) == [
        b"Summary of the conversation so far:\nThey talked.\n\n" + b"r" * 20,
        b"b" * 20,
        b"s" * 5,
    ]
    assert b"User:\n" + b"q" * 20 + b"\n\nAssistant:\n" + b"a" * 20 in model.asked[0]
    assert b"rrr" not in model.asked[0]
    draft = MeasuredMessage("", b"draft")
    measured = measured_turns(path, draft)
    assert (measured[0].summary, measured[0].summary_of) == (b"They talked.", first.id)
    assert first.id not in {each.id for turn in measured for each in turn.messages}


@pytest.mark.asyncio
async def test_a_later_summary_goes_on_behind_the_one_before_it(tmp_path: Path) -> None:
    model = Model(b"First.", b"Second.")
    async with kept(tmp_path) as store:
        first = await exchange(store, b"q", b"a")
        await written(store, model, first.id)
        second = await exchange(store, b"r", b"b")
        await written(store, model, second.id)
        question = await store.append("talk", NewMessage(b"s"))
        both = await store.path_to(question.id)
        await store.delete_summary(second.id)
        one = await store.path_to(question.id)

    assert b"User:\nq" not in model.asked[1]
    assert prompt_of(both) == [b"Summary of the conversation so far:\nFirst.\n\nSecond.\n\ns"]
    assert prompt_of(one)[0].endswith(b"First.\n\nr")


@pytest.mark.asyncio
async def test_a_branch_beside_it_knows_nothing_of_a_summary(tmp_path: Path) -> None:
    async with kept(tmp_path) as store:
        answer = await exchange(store, b"q", b"a")
        await written(store, Model(b"Old."), answer.id)
        edited = await store.edit(answer.parent, NewMessage(b"other"))
        assert prompt_of(await store.path_to(edited.id)) == [b"other"]
        await store.select(answer.id)
        back = await store.append("talk", NewMessage(b"and?"))
        assert b"Old." in prompt_of(await store.path_to(back.id))[0]


@pytest.mark.asyncio
async def test_an_answer_is_written_anew_without_its_own_summary(tmp_path: Path) -> None:
    async with kept(tmp_path) as store:
        answer = await exchange(store, b"q", b"a")
        await written(store, Model(b"Old."), answer.id)
        assert prompt_of(await store.path_to(answer.parent)) == [b"q"]


@pytest.mark.asyncio
async def test_long_texts_are_read_in_parts_and_smaller_ones_where_they_do_not_fit(
    tmp_path: Path,
) -> None:
    said = b"".join(b"line %06d\n" % number for number in range(1500))
    model = Model(*(b"note %d" % number for number in range(19)), most_bytes=2000)
    async with kept(tmp_path) as store:
        answer = await exchange(store, b"q", said)
        progress, message = await written(store, model, answer.id)

    assert progress[0].parts < progress[-1].parts == len(model.asked)
    assert progress[-1].done_parts == len(model.asked)
    assert message.summary is not None
    notes = [b"note %d" % number for number in range(len(model.asked))]
    assert message.summary.content == b"\n\n".join(notes)
    for number in range(1500):
        assert sum(asked.count(b"line %06d" % number) for asked in model.asked) == 1


@pytest.mark.asyncio
async def test_notes_that_grow_long_are_shortened_themselves(tmp_path: Path) -> None:
    model = Model(b"n" * 2500, b"m" * 2500, b"Both.")
    async with kept(tmp_path) as store:
        answer = await exchange(store, b"q" * 2900, b"a" * 2900)
        _, message = await written(store, model, answer.id)
    assert b"n" * 2500 + b"\n\n" + b"m" * 2500 in model.asked[2]
    assert message.summary is not None
    assert message.summary.content == b"Both."


@pytest.mark.asyncio
async def test_attachments_are_named_and_the_language_is_the_conversations(tmp_path: Path) -> None:
    model = Model("摘要".encode())
    async with kept(tmp_path) as store:
        attached = KeptAttachment("a.py", b"secret = 1", 2, 3)
        asked = await store.append("talk", NewMessage("这是什么？".encode(), (attached,)))
        begun = await store.begin_answer(asked.id)
        await store.finish(replace(begun, content=b"code", state=MessageState.COMPLETE))
        await written(store, model, begun.id)
    assert "（附件：a.py:2-3）".encode() in model.asked[0]
    assert b"secret" not in model.asked[0]
    assert "只回答要点" in model.asked[0].decode()


@pytest.mark.asyncio
@pytest.mark.parametrize("case", ["empty", "short", "a question", "another's", "says nothing"])
async def test_what_cannot_be_shortened_is_refused(tmp_path: Path, case: str) -> None:
    async with kept(tmp_path) as store:
        answer = None if case == "empty" else await exchange(store, b"q", b"a")
        message = ""
        if answer is not None and case in {"a question", "says nothing"}:
            message = answer.parent if case == "a question" else answer.id
        if case == "another's":
            await store.create("other")
            message = (await store.append("other", NewMessage(b"x"))).id
        with pytest.raises(InvalidInput):
            await written(store, Model(b" "), message)
        last = await store.last_of_branch("talk")
        assert not last or (await store.message(last)).summary is None


NOTES = {
    "as it is": ("One is 1.5. Two!", False, "One is 1.5. Two!"),
    "comes again": ("One. Two. One.  Two. One. T", True, "One. Two."),
    "unfinished": ("One. Tw", True, "One."),
    "a single one": ("endless", True, "endless"),
    "whole without a sign": ("One. Two", False, "One. Two"),
    "lines": ("- a\n- b\n- a\n- b\n- c", False, "- a\n- b\n- c"),
    "Chinese": ("一。二！一。三", True, "一。二！"),
    "none": (" \n", False, ""),
}


@pytest.mark.parametrize(("written", "is_cut", "tidy"), NOTES.values(), ids=NOTES)
def test_notes_say_everything_once(written: str, is_cut: bool, tidy: str) -> None:
    assert tidy_notes(written.encode(), is_cut=is_cut).decode() == tidy


TEXTS = {
    "short": (b"abc", 10, b"abc"),
    "between lines": (b"ab\ncdefg\nhij", 10, b"ab\ncdefg\n"),
    "no line": (b"abcdef", 4, b"abcd"),
    "no character": ("中文字".encode(), 4, "中".encode()),
    "no text": (b"\x80" * 6, 4, b"\x80"),
}


@pytest.mark.parametrize(("text", "size", "beginning"), TEXTS.values(), ids=TEXTS)
def test_a_part_ends_between_lines_or_characters(text: bytes, size: int, beginning: bytes) -> None:
    assert beginning_of(text, size) == beginning
