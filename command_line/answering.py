"""Receives an answer from the engine, and once more from its start when the engine died."""

from __future__ import annotations

import time
from typing import Protocol

from rpc.chat import AnswerBegan, AnswerEnd, AnswerFinished, AnswerStream, AnswerText
from rpc.conversation_records import AnswerKept
from rpc.conversations import ConversationAnswer
from rpc.failures import AnswerInterrupted, EngineGone, Failure, InternalFailure

_LONGEST_WAIT_SECONDS = 3.0

END_NOTES = {
    AnswerEnd.LENGTH: "The answer was cut at its longest length.",
    AnswerEnd.CONTEXT_FULL: "The answer was cut: the model's context is full.",
}


class AnswerReader(Protocol):
    """Who shows or collects an answer while it is written."""

    def began(self, event: AnswerBegan) -> None:
        """The prompt was accepted."""

    def text(self, piece: bytes) -> None:
        """More of the answer has come."""

    def starts_again(self, failure: Failure) -> None:
        """The answer broke off and is asked for again: what came so far does not count."""


def receive_answer(
    stream: AnswerStream | ConversationAnswer, reader: AnswerReader
) -> AnswerFinished:
    """Hand the answer to `reader` piece by piece and return its end.

    When the engine or its worker dies on the way, the question is asked once more. An interruption
    cancels the call, so that the model stops. Raises a Failure.
    """
    try:
        return _receive(stream, reader)
    except (EngineGone, AnswerInterrupted) as failure:
        reader.starts_again(failure)
        time.sleep(min(failure.retry_after_seconds or 0.0, _LONGEST_WAIT_SECONDS))
        return _receive(stream.again(), reader)


def _receive(stream: AnswerStream | ConversationAnswer, reader: AnswerReader) -> AnswerFinished:
    with stream:
        for event in stream:
            match event:
                case AnswerBegan():
                    reader.began(event)
                case AnswerKept():
                    reader.began(event.prompt)
                case AnswerText(content):
                    reader.text(content)
                case AnswerFinished():
                    return event
    raise InternalFailure("The engine ended an answer without its end.")
