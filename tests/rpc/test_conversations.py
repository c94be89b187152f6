"""Kept conversations through the real daemon, as plain Python values."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rpc.chat import AnswerEnd, AnswerFinished, AnswerText, Attachment, Speaker
from rpc.client import Limpet
from rpc.conversation_records import (
    AnswerKept,
    ExportFormat,
    ImportCount,
    Message,
    MessageState,
    Shelf,
)
from rpc.conversations import new_id
from rpc.failures import (
    Cancelled,
    ConversationNotFound,
    ConversationProblem,
    EngineGone,
    Failure,
    InvalidRequest,
    ModelUnavailable,
)
from rpc.figures import Figures
from tests.engine.daemon.engine_process import wait_until

pytestmark = pytest.mark.usefixtures("daemon")

ODD_BYTES = b"x \xff\x00 y"


@pytest.fixture
def connected() -> Iterator[Limpet]:
    with Limpet.open("test") as limpet:
        yield limpet


def branch(limpet: Limpet, conversation: str) -> list[Message]:
    return list(limpet.conversations.window(conversation).messages)


def contents(limpet: Limpet, conversation: str) -> list[bytes]:
    return [message.content for message in branch(limpet, conversation)]


def test_a_question_is_kept_answered_and_found_again(connected: Limpet) -> None:
    conversations = connected.conversations
    talk = conversations.create()
    asked = conversations.append(talk.id, ODD_BYTES, [Attachment("src/a.py", b"\xfe", 1, 2)])

    kept, *texts, end = list(conversations.answer(talk.id))

    assert isinstance(kept, AnswerKept)
    assert (kept.message.parent, kept.message.state) == (asked.id, MessageState.PARTIAL)
    assert texts == [AnswerText(ODD_BYTES)]
    figures = Figures(10, 4, 3, 1.5, 9.25, 80.0, "fake")
    assert end == AnswerFinished(AnswerEnd.COMPLETE, figures)
    question, answer = branch(connected, talk.id)
    assert (question.author, answer.author) == (Speaker.USER, Speaker.ASSISTANT)
    assert (answer.content, answer.state) == (ODD_BYTES, MessageState.COMPLETE)
    assert (answer.id, answer.figures, answer.model) == (kept.message.id, figures, "fake")
    assert question.attachments[0].size_bytes == 1
    assert conversations.message(question.id).attachments[0].content == b"\xfe"


def test_branches_stand_beside_each_other(connected: Limpet) -> None:
    conversations = connected.conversations
    talk = conversations.create().id
    first = conversations.append(talk, b"one")
    list(conversations.answer(talk))
    edited = conversations.edit(first.id, b"two")
    list(conversations.answer(talk))
    answer = branch(connected, talk)[-1]
    list(conversations.answer(talk, answer.id))

    assert contents(connected, talk) == [b"two", b"two"]
    assert branch(connected, talk)[0].alternatives == (first.id, edited.id)
    assert len(branch(connected, talk)[1].alternatives) == 2
    conversations.select(first.id)
    assert contents(connected, talk) == [b"one", b"one"]


def test_a_request_that_is_sent_again_is_kept_once(connected: Limpet) -> None:
    talk = connected.conversations.create().id
    name = new_id()

    kept = [connected.conversations.append(talk, b"one", message_id=name) for _ in range(2)]

    assert kept[0] == kept[1]
    assert contents(connected, talk) == [b"one"]


def test_conversations_move_between_shelves(connected: Limpet) -> None:
    conversations = connected.conversations
    first, second = conversations.create("first").id, conversations.create("second").id

    def listed(shelf: Shelf = Shelf.ACTIVE) -> list[str]:
        return [each.id for each in conversations.list(shelf).conversations]

    assert listed() == [second, first]
    assert conversations.update(first, pinned=True, title="1", draft=b"\xff").draft == b"\xff"
    assert listed() == [first, second]
    conversations.update(second, archived=True)
    assert (listed(), listed(Shelf.ARCHIVED)) == ([first], [second])
    conversations.delete(second)
    assert (listed(Shelf.ARCHIVED), listed(Shelf.DELETED)) == ([], [second])
    conversations.undelete(second)
    assert listed(Shelf.ARCHIVED) == [second]
    conversations.delete(second)
    assert conversations.purge() == 1
    page = conversations.list(size=1)
    assert (page.conversations[0].title, page.conversations[0].draft, page.cursor) == ("1", b"", "")


def test_search_finds_what_was_said(connected: Limpet) -> None:
    talk = connected.conversations.create("快速").id
    connected.conversations.append(talk, "快速排序".encode())

    hits = connected.conversations.search("快速").hits

    assert [(hit.conversation, bool(hit.message), hit.match) for hit in hits] == [
        (talk, False, "快速"),
        (talk, True, "快速"),
    ]
    assert hits[1].after == "排序"


def test_a_library_goes_out_and_comes_in_again(connected: Limpet) -> None:
    conversations = connected.conversations
    for number in range(3):
        talk = conversations.create(f"talk {number}").id
        conversations.append(talk, b"x" * (800 << 10))
        list(conversations.answer(talk))
    pieces = list(conversations.files.export())
    progress: list[ImportCount] = []

    assert conversations.files.import_pieces(pieces) == ImportCount(messages_known=6)
    for each in conversations.list().conversations:
        conversations.delete(each.id)
    conversations.purge()
    count = conversations.files.import_pieces(pieces, progress.append)

    assert count == ImportCount(conversations_added=3, messages_added=6)
    assert len(progress) > 1
    assert list(conversations.files.export()) == pieces
    text = b"".join(conversations.files.export(form=ExportFormat.MARKDOWN))
    assert text.count(b"# talk ") == 3
    numbers = conversations.files.storage()
    assert (numbers.conversations, numbers.messages) == (3, 6)
    assert Path(numbers.path).stat().st_size == numbers.file_bytes


REFUSALS: dict[str, tuple[Callable[[Limpet, str], object], type[Failure]]] = {
    "no such conversation": (lambda it, _: it.conversations.window("nosuch"), ConversationNotFound),
    "no such message": (lambda it, _: it.conversations.message("nosuch"), ConversationNotFound),
    "an empty message": (lambda it, talk: it.conversations.append(talk, b" "), InvalidRequest),
    "a large message": (
        lambda it, talk: it.conversations.append(talk, b"x" * (11 << 20)),
        InvalidRequest,
    ),
    "large together": (
        lambda it, talk: it.conversations.append(
            talk, b"x" * (7 << 20), [Attachment("a", b"x" * (6 << 20))]
        ),
        InvalidRequest,
    ),
    "a large draft": (
        lambda it, talk: it.conversations.update(talk, draft=b"x" * (3 << 20)),
        InvalidRequest,
    ),
    "lines the wrong way": (
        lambda it, talk: it.conversations.append(talk, b"x", [Attachment("a", b"", 3, 2)]),
        InvalidRequest,
    ),
    "too many at once": (lambda it, _: it.conversations.list(size=501), InvalidRequest),
    "a bad cursor": (lambda it, _: it.conversations.search("x", cursor="x"), InvalidRequest),
    "nothing to answer": (lambda it, talk: list(it.conversations.answer(talk)), InvalidRequest),
    "too hot": (
        lambda it, talk: list(it.conversations.answer(talk, temperature=3)),
        InvalidRequest,
    ),
    "no export": (lambda it, _: it.conversations.files.import_pieces([b"x\ny\n"]), InvalidRequest),
    "an empty file": (lambda it, _: it.conversations.files.import_pieces([]), InvalidRequest),
}


@pytest.mark.parametrize(("ask", "kind"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_done_is_told(
    connected: Limpet, ask: Callable[[Limpet, str], object], kind: type[Failure]
) -> None:
    talk = connected.conversations.create().id
    with pytest.raises(kind) as told:
        ask(connected, talk)
    assert told.value.message
    assert contents(connected, talk) == []


def test_a_model_that_cannot_answer_loses_no_question(connected: Limpet) -> None:
    talk = connected.conversations.create().id
    connected.conversations.append(talk, b"fail ModelNotInstalled")
    with pytest.raises(ModelUnavailable):
        list(connected.conversations.answer(talk))
    # The fake begins before it looks at the question.
    question, answer = branch(connected, talk)
    assert question.content == b"fail ModelNotInstalled"
    assert (answer.state, answer.failure) == (
        MessageState.FAILED,
        "The sentence of ModelNotInstalled.",
    )


def test_a_cancelled_answer_stays_as_far_as_it_came(connected: Limpet) -> None:
    talk = connected.conversations.create().id
    connected.conversations.append(talk, b"hold")
    stream = connected.conversations.answer(talk)
    for _ in range(3):
        next(stream)
    stream.cancel()
    with pytest.raises(Cancelled):
        list(stream)

    answer = wait_until(
        lambda: next((each for each in branch(connected, talk)[1:] if each.content), None),
        "the partial answer",
    )
    assert answer.content.startswith(b"ticktick")
    assert answer.state is MessageState.PARTIAL


def test_a_killed_engine_loses_nothing_that_was_acknowledged(connected: Limpet) -> None:
    talk = connected.conversations.create().id
    question = connected.conversations.append(talk, b"hold")
    stream = connected.conversations.answer(talk)
    next(stream)
    saved = wait_until(lambda: branch(connected, talk)[-1].content, "a part that is saved")

    os.kill(connected.engine.handshake().pid, signal.SIGKILL)
    with pytest.raises(EngineGone):
        list(stream)

    first, answer = branch(connected, talk)
    assert first.id == question.id
    assert answer.content.startswith(saved)
    assert answer.state is MessageState.PARTIAL
    assert connected.conversations.append(talk, b"go on").parent == answer.id


def test_a_damaged_file_is_told_and_the_engine_lives(connected: Limpet) -> None:
    numbers = connected.conversations.files.storage()
    Path(numbers.path).write_bytes(b"no database" * 1000)

    with pytest.raises(ConversationProblem) as told:
        connected.conversations.create()

    assert told.value.reason == "CONVERSATIONS_DAMAGED"
    assert numbers.path in told.value.message
    assert connected.engine.status().pid
