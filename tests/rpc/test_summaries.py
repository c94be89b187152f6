"""Summaries of kept conversations through the real daemon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rpc.client import Limpet
from rpc.conversation_records import Message, Summary
from rpc.conversation_summaries import SummaryProgress
from rpc.failures import ConversationNotFound, InvalidRequest

pytestmark = pytest.mark.usefixtures("daemon")


@pytest.fixture
def connected() -> Iterator[Limpet]:
    with Limpet.open("test") as limpet:
        yield limpet


def test_a_summary_is_shown_with_its_message_and_can_be_removed(connected: Limpet) -> None:
    conversations = connected.conversations
    talk = conversations.create().id
    conversations.append(talk, b"why?")
    list(conversations.answer(talk))
    answer = conversations.window(talk).messages[-1]

    *progress, message = list(conversations.summaries.write(talk, answer.id))

    assert progress == [SummaryProgress(0, 1), SummaryProgress(1, 1)]
    assert isinstance(message, Message)
    assert isinstance(message.summary, Summary)
    assert b"User:\nwhy?" in message.summary.content  # the fake says what it is asked
    assert (message.id, message.summary.model) == (answer.id, "fake")
    assert conversations.window(talk).messages[-1].summary == message.summary
    assert conversations.summaries.delete(answer.id).summary is None
    assert conversations.window(talk).messages[-1].summary is None


def test_what_cannot_be_summarised_is_told(connected: Limpet) -> None:
    conversations = connected.conversations
    talk = conversations.create().id
    asked = conversations.append(talk, b"why?")
    for message, kind in {
        "": InvalidRequest,
        asked.id: InvalidRequest,
        "nosuch": ConversationNotFound,
    }.items():
        with pytest.raises(kind):
            list(conversations.summaries.write(talk, message))
    with pytest.raises(ConversationNotFound):
        conversations.summaries.delete("nosuch")
