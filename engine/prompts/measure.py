"""Tells what each part of a chat would cost, counted by the model's own tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from engine.errors import PromptTooLong
from engine.inference.language_model import LanguageModel, Segment, count_tokens
from engine.prompts.budget import OPENING_TOKENS, fit_chat
from engine.prompts.chat_task import ChatTask
from engine.prompts.family import Family
from engine.prompts.renderer import render_chat
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import Attachment, Speaker, Turn


class PartKind(StrEnum):
    """What a part of a prompt is."""

    INSTRUCTIONS = "instructions"
    MESSAGE = "message"
    KEPT_ATTACHMENT = "kept_attachment"
    ATTACHMENT = "attachment"
    DRAFT = "draft"
    FORM = "form"
    SUMMARY = "summary"


class MeasuredTurn(msgspec.Struct, frozen=True):
    """A turn that is to be measured: its messages one by one, since a turn may have several.

    `summary` stands in front of the first turn for the messages up to that of the id `summary_of`.
    """

    speaker: Speaker
    messages: tuple[MeasuredMessage, ...]
    summary: bytes = b""
    summary_of: str = ""


class MeasuredMessage(msgspec.Struct, frozen=True):
    """A message with what is attached to it; the id is empty for the one that is being written."""

    id: str
    content: bytes
    attachments: tuple[Attachment, ...] = ()


class MeasuredPart(msgspec.Struct, frozen=True):
    """A part of a prompt and what it costs. `attachment` is its number in its message, from 0."""

    kind: PartKind
    tokens: int
    message: str = ""
    attachment: int = 0
    place: str = ""
    is_left_out: bool = False


class ChatMeasure(msgspec.Struct, frozen=True):
    """What a chat would cost; the parts together are `needed_tokens`."""

    parts: tuple[MeasuredPart, ...]
    needed_tokens: int
    answer_tokens: int
    context_length: int
    fits: bool
    model: str


class ModelInUse(msgspec.Struct, frozen=True):
    """The model whose tokens are counted, and how its prompts are written."""

    id: str
    model: LanguageModel
    family: Family
    templates: TemplateRenderer
    task: ChatTask


async def measure_chat(
    used: ModelInUse, turns: Sequence[MeasuredTurn], answer_tokens: int
) -> ChatMeasure:
    """Measure a chat whose last turn is the one that is being written.

    Raises TemplateFailed and what a model raises.
    """
    plain = [Turn(turn.speaker, _text_of(turn, used.task)) for turn in turns]
    whole = (Turn(Speaker.SYSTEM, used.task.system), *plain)
    prompt = await render_chat(used.family, whole, used.templates)
    needed = OPENING_TOKENS + sum(await count_tokens(used.model, prompt))
    texts = [(MeasuredPart(PartKind.INSTRUCTIONS, 0), used.task.system)]
    dropped, fits = 0, True
    if needed + answer_tokens > used.model.facts.context_length:
        dropped, fits = await _dropped(used, plain, answer_tokens)
    for number, turn in enumerate(turns):
        texts += _parts_of(turn, used.task, is_left_out=number < dropped)
    sizes = await count_tokens(used.model, [Segment(text) for _, text in texts])
    parts = [
        msgspec.structs.replace(part, tokens=tokens)
        for (part, _), tokens in zip(texts, sizes, strict=True)
    ]
    # Pieces that stand alone may have a token more than in their places.
    form = max(needed - sum(sizes), 0)
    return ChatMeasure(
        (*parts, MeasuredPart(PartKind.FORM, form)),
        max(needed, sum(sizes)),
        answer_tokens,
        used.model.facts.context_length,
        fits,
        used.id,
    )


async def _dropped(used: ModelInUse, turns: Sequence[Turn], answer_tokens: int) -> tuple[int, bool]:
    """Return how many of the oldest turns are left out, and whether that is enough."""
    try:
        fitted = await fit_chat(
            used.model,
            used.family,
            turns,
            reserve_tokens=answer_tokens,
            drop_oldest=True,
            templates=used.templates,
            task=used.task,
        )
    except PromptTooLong:
        return len(turns) - 1, False
    return fitted.dropped_turns, True


def _text_of(turn: MeasuredTurn, task: ChatTask) -> bytes:
    said = [task.question_with(message.attachments, message.content) for message in turn.messages]
    return b"\n\n".join([task.render_summary(turn.summary), *said] if turn.summary else said)


def _parts_of(
    turn: MeasuredTurn, task: ChatTask, *, is_left_out: bool
) -> list[tuple[MeasuredPart, bytes]]:
    parts = []
    if turn.summary:
        part = MeasuredPart(PartKind.SUMMARY, 0, turn.summary_of, is_left_out=is_left_out)
        parts.append((part, task.render_summary(turn.summary)))
    for message in turn.messages:
        attached = PartKind.KEPT_ATTACHMENT if message.id else PartKind.ATTACHMENT
        parts += [
            (
                MeasuredPart(
                    attached, 0, message.id, number, attachment.place, is_left_out=is_left_out
                ),
                task.render_attachment(attachment),
            )
            for number, attachment in enumerate(message.attachments)
        ]
        text = PartKind.MESSAGE if message.id else PartKind.DRAFT
        parts.append((MeasuredPart(text, 0, message.id, is_left_out=is_left_out), message.content))
    return parts
