"""Has long conversations shortened, so that they fit again."""

from __future__ import annotations

from typing import Literal

import msgspec

from rpc.connection import Connection
from rpc.conversation_deletions import KEEP_TIMEOUT_SECONDS
from rpc.conversation_records import Message, message_from_wire
from rpc.enumerations import text_for_wire
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import conversations_pb2 as wire
from rpc.stubs.limpet.v1.conversations_pb2_grpc import ConversationServiceStub as Stub

# The model reads all that is to be shortened.
_TIMEOUT_SECONDS = 3600.0


class SummaryProgress(msgspec.Struct, frozen=True):
    """How many parts of a long text have been read, of how many; there may become more."""

    done_parts: int
    parts: int


SummaryEvent = SummaryProgress | Message


class SummaryStream(Stream[SummaryEvent]):
    """A summary being written: SummaryProgress*, then the Message that has it, which is kept.

    Cancelling it keeps nothing.
    """


class SummariesClient:
    """Asks for summaries, and removes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(
        self,
        conversation: str,
        message: str = "",
        *,
        model: str = "",
        language: Literal["en", "zh", ""] = "",
    ) -> SummaryStream:
        """Shorten the selected branch up to an answer; without one the engine chooses which.

        Failures come while iterating: InvalidRequest where nothing is long enough.
        """
        return SummaryStream(
            self._connection.opening(
                lambda channel: Stub(channel).Summarise,
                wire.SummariseRequest(
                    conversation=conversation,
                    message=message,
                    model=text_for_wire(model),
                    language=language,
                ),
                _event_from_wire,
                timeout_seconds=_TIMEOUT_SECONDS,
            )
        )

    def delete(self, message: str) -> Message:
        """Remove a message's summary: what it stood for is used again."""
        response = self._connection.unary(
            lambda channel: Stub(channel).DeleteSummary,
            wire.DeleteSummaryRequest(message=message),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return message_from_wire(response.message)


def _event_from_wire(response: wire.SummariseResponse) -> SummaryEvent | None:
    match response.WhichOneof("step"):
        case "progress":
            return SummaryProgress(response.progress.done_parts, response.progress.parts)
        case "message":
            return message_from_wire(response.message)
    return None
