"""Completion on the wire: checks the request, asks the task, converts its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from engine.service.client_name import client_name
from engine.service.completion_extent import extent_of
from engine.service.figures import figures_message
from engine.service.seams import CompletionTask
from engine.service.session_messages import editor_event, session_response
from engine.service.streams import closing
from engine.service.text_limits import check_caret, check_size
from engine.tasks.complete_code.question import (
    CompletionEnd,
    CompletionQuestion,
    Suggestion,
)
from rpc.stubs.limpet.v1 import completion_pb2, completion_pb2_grpc


class CompletionServicer(completion_pb2_grpc.CompletionServiceServicer):
    """The service `limpet.v1.CompletionService`."""

    def __init__(self, task: CompletionTask) -> None:
        self._task = task

    async def Complete(
        self, request: completion_pb2.CompleteRequest, context: Any
    ) -> AsyncIterator[completion_pb2.CompleteResponse]:
        """Answer a completion request."""
        question = _question(request, client_name(context))
        async with closing(self._task.answer(question)) as steps:
            async for step in steps:
                yield _response(step)

    async def Session(
        self, request_iterator: AsyncIterator[completion_pb2.SessionRequest], context: Any
    ) -> AsyncIterator[completion_pb2.SessionResponse]:
        """Serve an editor until it leaves."""
        session = self._task.open_session(client_name(context))

        async def listen() -> None:
            async for request in request_iterator:
                session.handle(editor_event(request))

        listening = asyncio.create_task(listen())
        listening.add_done_callback(lambda _: session.end())
        try:
            async for event in session.events():
                yield session_response(event)
            await listening
        finally:
            listening.cancel()
            await session.close()


def _question(request: completion_pb2.CompleteRequest, client: str) -> CompletionQuestion:
    check_size(len(request.text), f"The text of `{request.path}`")
    check_caret(request.text, request.caret_offset)
    return CompletionQuestion(
        path=request.path,
        text=request.text,
        caret_offset=request.caret_offset,
        caret_id=request.caret_id,
        model=request.model,
        max_tokens=request.max_tokens,
        extent=extent_of(request.extent),
        client=client,
    )


def _response(step: Suggestion | CompletionEnd) -> completion_pb2.CompleteResponse:
    if isinstance(step, Suggestion):
        return completion_pb2.CompleteResponse(partial=_suggestion(step))
    return completion_pb2.CompleteResponse(
        finished=completion_pb2.CompletionFinished(
            suggestions=[_suggestion(each) for each in step.suggestions],
            figures=figures_message(step.figures, step.model),
            reason=step.reason,
        )
    )


def _suggestion(suggestion: Suggestion) -> completion_pb2.Suggestion:
    return completion_pb2.Suggestion(
        text=suggestion.text,
        replaces_bytes=suggestion.replaces_bytes,
        confidence=suggestion.confidence,
    )
