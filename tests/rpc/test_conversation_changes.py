"""What clients show of kept conversations: deletions, costs, titles, and others' changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rpc.client import Limpet
from rpc.conversation_records import ConversationChanges
from rpc.failures import ConversationNotFound, InvalidRequest
from rpc.prompt_measure import MeasuredKind

pytestmark = pytest.mark.usefixtures("daemon")


@pytest.fixture
def connected() -> Iterator[Limpet]:
    with Limpet.open("test") as limpet:
        yield limpet


def contents(limpet: Limpet, conversation: str) -> list[bytes]:
    return [message.content for message in limpet.conversations.window(conversation).messages]


def test_a_message_goes_and_comes_back(connected: Limpet) -> None:
    conversations = connected.conversations
    talk = conversations.create()
    question = conversations.append(talk.id, b"why?")
    list(conversations.answer(talk.id))

    removal = conversations.delete_message(question.id)

    assert (removal.conversation.id, removal.removed) == (talk.id, 2)
    assert contents(connected, talk.id) == []
    with pytest.raises(ConversationNotFound):
        conversations.message(question.id)
    assert conversations.undelete_message(question.id).id == question.id
    assert contents(connected, talk.id) == [b"why?", b"why?"]


def test_a_draft_is_measured_with_what_comes_before_it(connected: Limpet) -> None:
    conversations = connected.conversations
    talk = conversations.create()
    question = conversations.append(talk.id, b"why?")
    list(conversations.answer(talk.id))

    measure = conversations.meter.measure(b"and then", conversation=talk.id, language="zh")
    alone = conversations.meter.measure(b"x" * 3000)

    assert [(part.kind, part.tokens) for part in measure.parts] == [
        (MeasuredKind.MESSAGE, 4),
        (MeasuredKind.MESSAGE, 4),
        (MeasuredKind.DRAFT, 8),
    ]
    assert measure.parts[0].message == question.id
    assert (measure.needed_tokens, measure.fits, measure.model) == (16, True, "fake")
    assert measure.parts[0].place == "zh"
    assert (len(alone.parts), alone.fits) == (1, False)
    assert contents(connected, talk.id) == [b"why?", b"why?"]
    with pytest.raises(InvalidRequest):
        conversations.meter.measure(b"x", parent=question.id)


def test_a_conversation_that_has_no_name_gets_one(connected: Limpet) -> None:
    conversations = connected.conversations
    talk = conversations.create()
    conversations.append(talk.id, b"why?")
    assert conversations.write_title(talk.id).title == "why?"  # nothing is answered yet
    list(conversations.answer(talk.id))

    named = conversations.write_title(talk.id)

    assert named.title.startswith("Write a title")  # the fake says what it is asked
    conversations.update(talk.id, title="mine")
    assert conversations.write_title(talk.id).title == "mine"


def test_what_another_client_does_is_told(connected: Limpet) -> None:
    with connected.conversations.watch() as watch, Limpet.open("other") as other:
        assert next(watch) == ConversationChanges(frozenset(), everything=False)
        made = other.conversations.create()
        assert next(watch).conversations == {made.id}
        other.conversations.update(made.id, draft=b"half")
        other.conversations.delete(made.id)
        assert next(watch).conversations == {made.id}
