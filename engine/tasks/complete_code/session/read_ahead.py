"""Reading ahead while the user reads or rests, at the lowest priority: it never costs a keystroke.

Two things are worth it: the line that follows the one just suggested, as if that were accepted and
Enter pressed; and the prompt of the place where the caret rests, so that the first keystroke there
costs its own tokens only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from functools import partial

from engine.errors import EngineError
from engine.inference.language_model import Finished, FinishReason, Piece, Priority
from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.question import Suggestion
from engine.tasks.complete_code.reach import Reach
from engine.tasks.complete_code.request import END_WORDS, generation_request, warming_request
from engine.tasks.complete_code.session.ending import end_all
from engine.tasks.complete_code.session.memory import Around, SuggestionMemory
from engine.tasks.complete_code.session.project_notes import ProjectNotes
from engine.tasks.complete_code.session.prompting import Prompting
from engine.tasks.complete_code.session.run import Run


class ReadAhead:
    """One thing that is read ahead at a time; any other request of the session ends it."""

    def __init__(
        self, prompting: Prompting, memory: SuggestionMemory, *, name: str, client: str
    ) -> None:
        self._prompting = prompting
        self._memory = memory
        self._name = name
        self._client = client
        self._tasks: set[asyncio.Task[None]] = set()

    def next_line(self, caret: CaretText, suggestion: Suggestion) -> None:
        """Compute the line that follows a suggestion, unless it is known."""
        rest = caret.line_after[suggestion.replaces_bytes :]
        if rest.strip() or caret.is_in_front_of_code:
            return
        text = suggestion.text.replace(caret.newline, b"\n")
        following = CaretText(caret.head + text + b"\n", b"", b"", caret.below, caret.newline)
        if self._memory.match(Around(following.head, following.tail)) is None:
            self._start(partial(self._write_next_line, following))

    def prompt_at(
        self, caret: CaretText, notes: ProjectNotes, is_resting: Callable[[], bool]
    ) -> None:
        """Bring the project up to date and read the prompt of a caret, unless that is done."""
        self._start(partial(self._prepare, caret, notes, is_resting))

    async def close(self) -> None:
        """Stop, and wait until nothing is under way."""
        await end_all(self._tasks)

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Read something ahead instead of what was read before.

        The older request is not cancelled: the model ends it when the next one of the session
        comes, and keeps what both have in common.
        """

        async def quietly() -> None:
            # What is read ahead is a favour: the wish itself tells its user what is wrong.
            with contextlib.suppress(EngineError):
                await work()

        task = asyncio.create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_next_line(self, caret: CaretText) -> None:
        respondent = await self._prompting.respondent()
        plan = self._prompting.ready_plan_for(caret)
        if plan is None:
            return
        run = Run(caret)
        run.model = respondent.name
        request = generation_request(
            respondent.family,
            plan.parts(caret),
            caret,
            reach=Reach.LINE,
            priority=Priority.WARMING,
            supersedes=self._name,
            client=self._client,
        )
        async with aclosing(respondent.model.generate(request)) as steps:
            async for step in steps:
                match step:
                    case Piece():
                        run.add(step)
                    case Finished(reason, _):
                        run.reason = END_WORDS[reason]
                        if reason is not FinishReason.CANCELLED and run.text.strip():
                            self._memory.add(run.remembered(is_ahead=True))

    async def _prepare(
        self, caret: CaretText, notes: ProjectNotes, is_resting: Callable[[], bool]
    ) -> None:
        await self._read_prompt(caret, notes)
        await notes.settle(is_resting)
        if is_resting():
            await self._read_prompt(caret, notes)

    async def _read_prompt(self, caret: CaretText, notes: ProjectNotes) -> None:
        respondent = await self._prompting.respondent()
        plan = self._prompting.plan
        is_good = plan is not None and plan.fits(caret) and not plan.is_stale(caret)
        if plan is None or not is_good or await self._prompting.has_news(respondent, caret):
            plan = await self._prompting.plan_for(respondent, caret, renew=True)
        elif self._prompting.is_read(plan):
            return
        request = warming_request(
            respondent.family,
            plan.parts(caret),
            supersedes=self._name,
            client=self._client,
            keeping=notes.keeping(caret.head + caret.tail),
        )
        async with aclosing(respondent.model.generate(request)) as steps:
            async for step in steps:
                if isinstance(step, Finished) and step.reason is not FinishReason.CANCELLED:
                    self._prompting.note_read(plan)
