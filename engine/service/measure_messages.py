"""Puts what a message would cost on the wire, and reads what is to be measured."""

from __future__ import annotations

from engine.errors import InvalidInput
from engine.prompts.measure import ChatMeasure, MeasuredPart, PartKind
from engine.service.chat_options import language_of
from engine.service.chat_servicer import attachment_of
from engine.service.text_limits import check_size
from engine.tasks.converse.measuring import MeasureWish
from rpc.stubs.limpet.v1 import conversations_pb2 as wire

_KINDS = {
    PartKind.INSTRUCTIONS: wire.MEASURED_KIND_INSTRUCTIONS,
    PartKind.MESSAGE: wire.MEASURED_KIND_MESSAGE,
    PartKind.KEPT_ATTACHMENT: wire.MEASURED_KIND_KEPT_ATTACHMENT,
    PartKind.ATTACHMENT: wire.MEASURED_KIND_ATTACHMENT,
    PartKind.DRAFT: wire.MEASURED_KIND_DRAFT,
    PartKind.FORM: wire.MEASURED_KIND_FORM,
    PartKind.SUMMARY: wire.MEASURED_KIND_SUMMARY,
}


def measure_wish(request: wire.MeasurePromptRequest) -> MeasureWish:
    """Return what is to be measured. Raises InvalidInput, UnreadableText."""
    check_size(len(request.content), "The message")
    if request.parent and not request.conversation:
        raise InvalidInput("The message to follow is named without its conversation.")
    return MeasureWish(
        content=request.content,
        attachments=tuple(attachment_of(each) for each in request.attachments),
        conversation=request.conversation,
        parent=request.parent,
        model=request.model,
        max_tokens=request.max_tokens,
        language=language_of(request.language),
    )


def measure_message(measure: ChatMeasure) -> wire.MeasurePromptResponse:
    """Return a measure for the wire."""
    return wire.MeasurePromptResponse(
        parts=[_part(each) for each in measure.parts],
        needed_tokens=measure.needed_tokens,
        answer_tokens=measure.answer_tokens,
        context_length=measure.context_length,
        fits=measure.fits,
        model=measure.model,
    )


def _part(part: MeasuredPart) -> wire.MeasuredPart:
    return wire.MeasuredPart(
        kind=_KINDS[part.kind],
        tokens=part.tokens,
        message=part.message,
        attachment=part.attachment,
        place=part.place.encode("utf-8", "replace").decode(),
        left_out=part.is_left_out,
    )
