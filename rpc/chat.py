"""Asks questions about code and reads the answers as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

import msgspec

from rpc.connection import Connection
from rpc.enumerations import name_for_wire, text_for_wire, word_from_wire
from rpc.figures import Figures, figures_from_wire
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import chat_pb2
from rpc.stubs.limpet.v1.chat_pb2_grpc import ChatServiceStub

# Longer than any answer takes; a hung engine is noticed long before (see rpc.streams).
ANSWER_TIMEOUT_SECONDS = 3600.0


class Speaker(StrEnum):
    """Who speaks in a turn."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Turn(msgspec.Struct, frozen=True):
    """One turn of a conversation; `content` is UTF-8 or as it was pasted."""

    speaker: Speaker
    content: bytes


class Attachment(msgspec.Struct, frozen=True):
    """A file, or the lines `first_line` to `last_line` of one (0, 0: the whole file)."""

    path: str
    content: bytes
    first_line: int = 0
    last_line: int = 0


class Overflow(StrEnum):
    """What to do when the conversation does not fit the model's context."""

    REFUSE = "refuse"
    DROP_OLDEST = "drop_oldest"


class AnswerEnd(StrEnum):
    """Why an answer ended."""

    UNSPECIFIED = "unspecified"
    COMPLETE = "complete"
    LENGTH = "length"
    CONTEXT_FULL = "context_full"


class AnswerBegan(msgspec.Struct, frozen=True):
    """The prompt is accepted: its size, and how many of the oldest turns were left out."""

    prompt_tokens: int
    context_length: int
    dropped_turns: int


class AnswerText(msgspec.Struct, frozen=True):
    """More of the answer, cut only between characters."""

    content: bytes

    @property
    def text(self) -> str:
        """The piece for showing: what is not valid UTF-8 appears as U+FFFD."""
        return self.content.decode("utf-8", "replace")


class AnswerFinished(msgspec.Struct, frozen=True):
    """The answer's end and its cost."""

    end: AnswerEnd
    figures: Figures


AnswerEvent = AnswerBegan | AnswerText | AnswerFinished


class AnswerStream(Stream[AnswerEvent]):
    """An answer being written: one AnswerBegan, AnswerText*, one AnswerFinished.

    Iterate once. `cancel()` may be called from any thread and stops the model; leaving the `with`
    block or a KeyboardInterrupt does the same. After EngineGone or AnswerInterrupted, `again()`
    asks the same question anew.
    """


class ChatClient:
    """Asks the engine's chat service."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(
        self,
        turns: Sequence[Turn],
        attachments: Sequence[Attachment] = (),
        *,
        model: str = "",
        max_tokens: int = 0,
        temperature: float | None = None,
        seed: int = 0,
        overflow: Overflow = Overflow.REFUSE,
        language: Literal["en", "zh", ""] = "",
        timeout_seconds: float = ANSWER_TIMEOUT_SECONDS,
    ) -> AnswerStream:
        """Ask the last turn's question, which is the user's; failures come while iterating."""
        request = chat_pb2.ChatRequest(
            turns=[_turn_for_wire(turn) for turn in turns],
            attachments=[attachment_for_wire(attachment) for attachment in attachments],
            model=text_for_wire(model),
            max_tokens=max_tokens,
            temperature=temperature,
            seed=seed,
            overflow=name_for_wire(overflow, "OVERFLOW"),
            language=language,
        )
        return AnswerStream(
            self._connection.opening(
                lambda channel: ChatServiceStub(channel).Chat,
                request,
                _event_from_wire,
                timeout_seconds=timeout_seconds,
            )
        )


def _turn_for_wire(turn: Turn) -> chat_pb2.Turn:
    return chat_pb2.Turn(role=name_for_wire(turn.speaker, "ROLE"), content=turn.content)


def attachment_for_wire(attachment: Attachment) -> chat_pb2.Attachment:
    """Return an attachment for the wire."""
    return chat_pb2.Attachment(
        path=text_for_wire(attachment.path),
        content=attachment.content,
        first_line=attachment.first_line,
        last_line=attachment.last_line,
    )


def _event_from_wire(message: chat_pb2.ChatResponse) -> AnswerEvent | None:
    match message.WhichOneof("step"):
        case "started":
            return AnswerBegan(
                prompt_tokens=message.started.prompt_tokens,
                context_length=message.started.context_length,
                dropped_turns=message.started.dropped_turns,
            )
        case "text":
            return AnswerText(message.text)
        case "finished":
            return finished_from_wire(message.finished)
    return None


def finished_from_wire(finished: chat_pb2.ChatFinished) -> AnswerFinished:
    """Return an answer's end."""
    return AnswerFinished(
        end=word_from_wire(AnswerEnd, chat_pb2.AnswerEnd, "ANSWER_END", finished.end),
        figures=figures_from_wire(finished.figures),
    )
