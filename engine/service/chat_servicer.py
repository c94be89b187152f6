"""Chat on the wire: checks the conversation, asks the task, converts its answer."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from typing import Any

from engine.errors import InvalidInput
from engine.service.client_name import client_name
from engine.service.figures import figures_message
from engine.service.seams import ChatTask
from engine.service.streams import closing
from engine.service.text_limits import check_size
from engine.tasks.answer_chat.question import (
    AnswerEnd,
    Attachment,
    ChatBegan,
    ChatEnd,
    ChatQuestion,
    ChatStep,
    ChatText,
    Speaker,
    Turn,
)
from rpc.stubs.limpet.v1 import chat_pb2, chat_pb2_grpc

_SPEAKERS = {
    chat_pb2.ROLE_SYSTEM: Speaker.SYSTEM,
    chat_pb2.ROLE_USER: Speaker.USER,
    chat_pb2.ROLE_ASSISTANT: Speaker.ASSISTANT,
}
_DROP_OLDEST = {
    chat_pb2.OVERFLOW_UNSPECIFIED: False,
    chat_pb2.OVERFLOW_REFUSE: False,
    chat_pb2.OVERFLOW_DROP_OLDEST: True,
}
_ENDS = {
    AnswerEnd.COMPLETE: chat_pb2.ANSWER_END_COMPLETE,
    AnswerEnd.LENGTH: chat_pb2.ANSWER_END_LENGTH,
    AnswerEnd.CONTEXT_FULL: chat_pb2.ANSWER_END_CONTEXT_FULL,
}
_LANGUAGES = frozenset({"en", "zh"})
_HOTTEST = 2.0


class ChatServicer(chat_pb2_grpc.ChatServiceServicer):
    """The service `limpet.v1.ChatService`."""

    def __init__(self, task: ChatTask) -> None:
        self._task = task

    async def Chat(
        self, request: chat_pb2.ChatRequest, context: Any
    ) -> AsyncIterator[chat_pb2.ChatResponse]:
        """Answer a conversation's last turn."""
        question = _question(request, client_name(context))
        async with closing(self._task.answer(question)) as steps:
            async for step in steps:
                yield _response(step)


def _question(request: chat_pb2.ChatRequest, client: str) -> ChatQuestion:
    temperature = request.temperature if request.HasField("temperature") else None
    if temperature is not None and not (
        math.isfinite(temperature) and 0 <= temperature <= _HOTTEST
    ):
        raise InvalidInput(
            f"The temperature is {temperature:g}, but it must be from 0 to {_HOTTEST:g}."
        )
    if request.overflow not in _DROP_OLDEST:
        raise InvalidInput(f"The engine does not know the overflow rule {request.overflow}.")
    language = request.language or "en"
    if language not in _LANGUAGES:
        raise InvalidInput(
            "The engine does not speak the language that was asked for.",
            advice=f"Choose one of {', '.join(sorted(_LANGUAGES))}.",
        )
    return ChatQuestion(
        turns=_turns(request),
        attachments=tuple(_attachment(each) for each in request.attachments),
        model=request.model,
        max_tokens=request.max_tokens,
        temperature=temperature,
        seed=request.seed,
        drop_oldest=_DROP_OLDEST[request.overflow],
        language=language,
        client=client,
    )


def _turns(request: chat_pb2.ChatRequest) -> tuple[Turn, ...]:
    if not request.turns:
        raise InvalidInput("The conversation has no turn.")
    turns = []
    for number, turn in enumerate(request.turns, start=1):
        if turn.role not in _SPEAKERS:
            raise InvalidInput(f"Turn {number} does not say who speaks.")
        speaker = _SPEAKERS[turn.role]
        if speaker is Speaker.SYSTEM and number > 1:
            raise InvalidInput(f"Turn {number} is the system's; only the first one may be.")
        check_size(len(turn.content), f"Turn {number}")
        turns.append(Turn(speaker, turn.content))
    if turns[-1].speaker is not Speaker.USER:
        raise InvalidInput("The last turn must be the user's.")
    if not turns[-1].content.strip() and not request.attachments:
        raise InvalidInput("The last turn is empty.")
    return tuple(turns)


def _attachment(attachment: chat_pb2.Attachment) -> Attachment:
    check_size(len(attachment.content), f"The attachment `{attachment.path}`")
    first, last = attachment.first_line, attachment.last_line
    if (first or last) and not 1 <= first <= last:
        raise InvalidInput(
            f"The attachment `{attachment.path}` names lines {first} to {last}; "
            "they count from 1, the first one first."
        )
    return Attachment(attachment.path, attachment.content, first, last)


def _response(step: ChatStep) -> chat_pb2.ChatResponse:
    match step:
        case ChatBegan():
            return chat_pb2.ChatResponse(
                started=chat_pb2.ChatStarted(
                    prompt_tokens=step.prompt_tokens,
                    context_length=step.context_length,
                    dropped_turns=step.dropped_turns,
                )
            )
        case ChatText():
            return chat_pb2.ChatResponse(text=step.text)
        case ChatEnd():
            return chat_pb2.ChatResponse(
                finished=chat_pb2.ChatFinished(
                    end=_ENDS[step.end], figures=figures_message(step.figures, step.model)
                )
            )
