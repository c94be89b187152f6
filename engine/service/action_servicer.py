"""Code actions on the wire: checks the request, asks the tasks, converts their steps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput
from engine.prompts.action_words import ActionKind, ActionWords
from engine.service.client_name import client_name
from engine.service.figures import figures_message
from engine.service.seams import EditTask, TalkTask
from engine.service.streams import closing
from engine.service.text_limits import check_caret, check_size
from engine.tasks.act_on_code import question as steps
from rpc.stubs.limpet.v1 import actions_pb2 as wire
from rpc.stubs.limpet.v1 import actions_pb2_grpc

_KINDS = {
    ActionKind.EDIT: wire.ACTION_KIND_EDIT,
    ActionKind.TALK: wire.ACTION_KIND_TALK,
}
_ANSWER_LANGUAGES = frozenset({"", "en", "zh"})


class ActionServicer(actions_pb2_grpc.ActionServiceServicer):
    """The service `limpet.v1.ActionService`."""

    def __init__(self, words: ActionWords, edit: EditTask, talk: TalkTask) -> None:
        self._words = words
        self._edit = edit
        self._talk = talk

    async def ListActions(
        self, request: wire.ListActionsRequest, context: Any
    ) -> wire.ListActionsResponse:
        """List the actions."""
        return wire.ListActionsResponse(
            actions=[
                wire.CodeAction(
                    name=action.name,
                    kind=_KINDS[action.kind],
                    titles=action.titles,
                    needs_instruction=action.needs_instruction,
                    takes_problem=action.takes_problem,
                )
                for action in self._words.actions.values()
            ]
        )

    async def Edit(
        self, request: wire.EditRequest, context: Any
    ) -> AsyncIterator[wire.EditResponse]:
        """Change a part of a file."""
        _check_folder(request.project_folder)
        check_size(len(request.failing_test), "The failing test")
        question = steps.EditQuestion(
            selection=_selection(request.selection),
            action=request.action,
            instruction=request.instruction,
            error_text=request.error_text,
            failing_test=request.failing_test,
            model=request.model,
            client=client_name(context),
        )
        async with closing(self._edit.answer(question)) as answer:
            async for step in answer:
                yield _edit_response(step)

    async def Talk(
        self, request: wire.TalkRequest, context: Any
    ) -> AsyncIterator[wire.TalkResponse]:
        """Talk about a part of a file."""
        _check_folder(request.project_folder)
        if request.answer_language not in _ANSWER_LANGUAGES:
            raise InvalidInput("The language of the answer is `en` or `zh`.")
        question = steps.TalkQuestion(
            selection=_selection(request.selection),
            action=request.action,
            instruction=request.instruction,
            error_text=request.error_text,
            language=request.answer_language,
            model=request.model,
            client=client_name(context),
        )
        async with closing(self._talk.answer(question)) as answer:
            async for step in answer:
                yield _talk_response(step)


def _selection(selection: wire.CodeSelection) -> steps.Selection:
    check_size(len(selection.text), "The file")
    if not selection.path and not selection.language:
        raise InvalidInput("Neither the file's path nor its language is given.")
    if selection.start > selection.end:
        raise InvalidInput("The selection ends before it begins.")
    for offset in (selection.start, selection.end):
        check_caret(selection.text, offset)
    return steps.Selection(
        selection.path, selection.text, selection.start, selection.end, selection.language
    )


def _check_folder(folder: str) -> None:
    if folder and ("\0" in folder or not Path(folder).is_absolute()):
        raise InvalidInput("The project's folder is not an absolute path.")


def _edit_response(step: steps.EditStep) -> wire.EditResponse:
    match step:
        case steps.ActionBegan():
            return wire.EditResponse(
                started=wire.EditStarted(
                    start=step.start,
                    end=step.end,
                    first_line=step.first_line,
                    last_line=step.last_line,
                    prompt_tokens=step.prompt_tokens,
                    model=step.model,
                )
            )
        case steps.NewLines():
            return wire.EditResponse(
                piece=wire.EditPiece(text=step.text, settled_lines=step.settled_lines)
            )
        case steps.TriedAgain():
            return wire.EditResponse(retried=wire.EditRetried(reason=step.reason))
        case steps.EditEnd():
            return wire.EditResponse(
                finished=wire.EditFinished(
                    start=step.start,
                    end=step.end,
                    new_text=step.new_text,
                    unified_diff=step.unified_diff,
                    parses=step.parses,
                    changes=step.changes,
                    text_digest=step.text_digest,
                    tries=step.tries,
                    figures=figures_message(step.figures, step.model),
                )
            )


def _talk_response(step: steps.TalkStep) -> wire.TalkResponse:
    match step:
        case steps.ActionBegan():
            return wire.TalkResponse(
                started=wire.TalkStarted(
                    start=step.start,
                    end=step.end,
                    first_line=step.first_line,
                    last_line=step.last_line,
                    prompt_tokens=step.prompt_tokens,
                    model=step.model,
                )
            )
        case steps.TalkText():
            return wire.TalkResponse(piece=step.text)
        case steps.TalkEnd():
            return wire.TalkResponse(
                finished=wire.TalkFinished(
                    is_cut=step.is_cut, figures=figures_message(step.figures, step.model)
                )
            )
