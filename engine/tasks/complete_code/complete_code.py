"""Completes code at a caret."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator
from contextlib import aclosing

from engine.errors import DeadlinePassed
from engine.inference.language_model import Finished, FinishReason, Piece
from engine.inference.model_provider import ModelProvider, Role
from engine.prompts.catalog import Catalog
from engine.retrieval.parsed_text import parse
from engine.tasks.complete_code.anchor import anchor_in
from engine.tasks.complete_code.caret import CaretText, cut_at
from engine.tasks.complete_code.finishing import finish
from engine.tasks.complete_code.question import (
    CompletionEnd,
    CompletionQuestion,
    Extent,
    Suggestion,
)
from engine.tasks.complete_code.reach import Reach, first_line_of, kept, reach_at
from engine.tasks.complete_code.request import (
    END_WORDS,
    plan_budget,
)
from engine.tasks.complete_code.session.plan import make_plan
from engine.tasks.complete_code.session.project_notes import Projects
from engine.tasks.complete_code.session.session import CompletionSession
from engine.tasks.complete_code.syntax_check import mended
from engine.tasks.complete_code.writing import Writing, write


class CompleteCode:
    """The task behind completion."""

    def __init__(self, models: ModelProvider, catalog: Catalog) -> None:
        self._models = models
        self._catalog = catalog
        self._sessions = itertools.count(1)
        self._projects = Projects()

    def close(self) -> None:
        """End what was started for projects."""
        self._projects.close()

    def open_session(self, client: str) -> CompletionSession:
        """Return a new session for one editor; the caller closes it."""
        name = f"session {next(self._sessions)}"
        return CompletionSession(
            self._models, self._catalog, self._projects, client=client, name=name
        )

    async def answer(
        self, question: CompletionQuestion
    ) -> AsyncGenerator[Suggestion | CompletionEnd, None]:
        """Stream suggestions, each instead of the one before, then the end.

        Closing the iterator stops the model. Raises ModelUnavailable, WorkerDied.
        """
        caret = cut_at(question.text, question.caret_offset)
        model_id, writing = await self._writing(question, caret)
        reach = writing.reach
        text = b""
        log_probabilities: list[float] = []
        shown: Suggestion | None = None
        async with aclosing(write(writing)) as steps:
            async for step in steps:
                match step:
                    case Piece():
                        text += step.text
                        log_probabilities.extend(step.log_probabilities)
                        sure = first_line_of(text) if reach is Reach.FREE else text
                        newest = finish(sure, caret, log_probabilities)
                        if newest is not None and (shown is None or newest.text != shown.text):
                            shown = newest
                            yield newest
                    case Finished():
                        whole = kept(reach, text, step.reason)
                        final = await _checked(finish(whole, caret, log_probabilities), question)
                        yield CompletionEnd(
                            suggestions=(final,) if final is not None else (),
                            figures=step.figures,
                            model=model_id,
                            reason=_reason(step.reason, final),
                        )

    async def _writing(self, question: CompletionQuestion, caret: CaretText) -> tuple[str, Writing]:
        model_id, model = await self._models.model_for(Role.COMPLETION, question.model)
        plan = await make_plan(
            model,
            caret,
            plan_budget(model),
            anchor=anchor_in(caret.before),
            path=question.path,
        )
        return model_id, Writing(
            model,
            self._catalog.recognise(model.facts),
            plan,
            caret,
            reach_at(caret, question.path, question.extent),
            may_open_block=question.extent is Extent.AUTOMATIC,
            max_tokens=question.max_tokens,
            supersedes=question.caret_id and f"{question.client}/{question.caret_id}",
            client=question.client,
        )


async def _checked(
    suggestion: Suggestion | None, question: CompletionQuestion
) -> Suggestion | None:
    """Return the suggestion as the text can take it."""
    if suggestion is None:
        return None
    parsed = await asyncio.to_thread(parse, question.path, question.text)
    is_line = question.extent is Extent.LINE
    return mended(parsed, question.caret_offset, suggestion, is_line=is_line)


def _reason(reason: FinishReason, suggestion: Suggestion | None) -> str:
    """Return the word for the end of a completion."""
    if reason is FinishReason.DEADLINE:
        raise DeadlinePassed("The completion took longer than the client allowed.")
    if suggestion is None and reason is not FinishReason.CANCELLED:
        return "nothing_new"
    return END_WORDS[reason]
