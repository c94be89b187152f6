"""What a message would cost before it is sent, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

import msgspec

from rpc.chat import Attachment, attachment_for_wire
from rpc.connection import Connection
from rpc.enumerations import text_for_wire, word_from_wire
from rpc.stubs.limpet.v1 import conversations_pb2 as wire
from rpc.stubs.limpet.v1.conversations_pb2_grpc import ConversationServiceStub as Stub

# A model may have to be loaded first, and others may be asking it.
MODEL_TIMEOUT_SECONDS = 600.0


class MeasuredKind(StrEnum):
    """What a part of a prompt is; `FORM` are the signs between the turns.

    A `SUMMARY` stands for the messages up to the part's `message`.
    """

    UNSPECIFIED = "unspecified"
    INSTRUCTIONS = "instructions"
    MESSAGE = "message"
    KEPT_ATTACHMENT = "kept_attachment"
    ATTACHMENT = "attachment"
    DRAFT = "draft"
    FORM = "form"
    SUMMARY = "summary"


class MeasuredPart(msgspec.Struct, frozen=True):
    """A part of a prompt; the fields are those of conversations.proto."""

    kind: MeasuredKind
    tokens: int
    message: str
    attachment: int
    place: str
    left_out: bool


class PromptMeasure(msgspec.Struct, frozen=True):
    """What a message would cost; the parts together are `needed_tokens`."""

    parts: tuple[MeasuredPart, ...]
    needed_tokens: int
    answer_tokens: int
    context_length: int
    fits: bool
    model: str


class PromptMeter:
    """Asks the engine what messages cost."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def measure(
        self,
        content: bytes,
        attachments: Sequence[Attachment] = (),
        *,
        conversation: str = "",
        parent: str = "",
        model: str = "",
        max_tokens: int = 0,
        language: Literal["en", "zh", ""] = "",
    ) -> PromptMeasure:
        """Tell what a message would cost, with what comes before it; nothing is kept or asked."""
        response = self._connection.unary(
            lambda channel: Stub(channel).MeasurePrompt,
            wire.MeasurePromptRequest(
                conversation=conversation,
                parent=parent,
                content=content,
                attachments=[attachment_for_wire(each) for each in attachments],
                model=text_for_wire(model),
                max_tokens=max_tokens,
                language=language,
            ),
            timeout_seconds=MODEL_TIMEOUT_SECONDS,
        )
        return measure_from_wire(response)


def measure_from_wire(response: wire.MeasurePromptResponse) -> PromptMeasure:
    """Return a measure."""
    parts = tuple(
        MeasuredPart(
            kind=word_from_wire(MeasuredKind, wire.MeasuredKind, "MEASURED_KIND", part.kind),
            tokens=part.tokens,
            message=part.message,
            attachment=part.attachment,
            place=part.place,
            left_out=part.left_out,
        )
        for part in response.parts
    )
    return PromptMeasure(
        parts,
        response.needed_tokens,
        response.answer_tokens,
        response.context_length,
        response.fits,
        response.model,
    )
