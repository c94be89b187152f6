"""Chat on the wire: checks the conversation, asks the task, converts its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from engine.errors import InvalidInput
from engine.inference.language_model import Figures
from engine.service.chat_options import chat_options
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
_ENDS = {
    AnswerEnd.COMPLETE: chat_pb2.ANSWER_END_COMPLETE,
    AnswerEnd.LENGTH: chat_pb2.ANSWER_END_LENGTH,
    AnswerEnd.CONTEXT_FULL: chat_pb2.ANSWER_END_CONTEXT_FULL,
}


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
    options = chat_options(request)
    return ChatQuestion(
        turns=_turns(request),
        attachments=tuple(attachment_of(each) for each in request.attachments),
        model=request.model,
        max_tokens=request.max_tokens,
        temperature=options.temperature,
        seed=request.seed,
        drop_oldest=options.drop_oldest,
        language=options.language,
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


def attachment_of(attachment: chat_pb2.Attachment) -> Attachment:
    """Return an attachment after a look at its size and lines. Raises InvalidInput."""
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
                finished=finished_message(step.end, step.figures, step.model)
            )


def finished_message(end: str, figures: Figures, model: str) -> chat_pb2.ChatFinished:
    """Return the message for an answer's end."""
    return chat_pb2.ChatFinished(end=_ENDS[AnswerEnd(end)], figures=figures_message(figures, model))
