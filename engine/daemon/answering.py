"""Lets kept conversations be answered by the chat task: tasks do not know each other."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from engine.service.seams import ChatTask
from engine.service.streams import closing
from engine.tasks.answer_chat.question import ChatBegan, ChatEnd, ChatQuestion, ChatStep, ChatText
from engine.tasks.converse.steps import (
    AnswerDone,
    Answering,
    AnswerPiece,
    Asked,
    ModelStep,
    PromptAccepted,
)


def answering_by(chat: ChatTask) -> Answering:
    """Return what answers a kept conversation's turns by the chat task."""

    async def answer(asked: Asked) -> AsyncGenerator[ModelStep, None]:
        async with closing(chat.answer(_question(asked))) as steps:
            async for step in steps:
                yield _step(step)

    return answer


def _question(asked: Asked) -> ChatQuestion:
    wish = asked.wish
    return ChatQuestion(
        turns=asked.turns,
        attachments=asked.attachments,
        model=wish.model,
        max_tokens=wish.max_tokens,
        temperature=wish.temperature,
        seed=wish.seed,
        drop_oldest=wish.drop_oldest,
        language=wish.language,
        client=wish.client,
        is_background=wish.is_background,
    )


def _step(step: ChatStep) -> ModelStep:
    match step:
        case ChatBegan():
            return PromptAccepted(step.prompt_tokens, step.context_length, step.dropped_turns)
        case ChatText():
            return AnswerPiece(step.text)
        case ChatEnd():
            return AnswerDone(step.end, step.figures, step.model)
