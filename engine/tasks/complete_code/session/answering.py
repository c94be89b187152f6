"""Lets the model answer one wish after the other, and keeps the answer that is on its way."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Protocol

from engine.errors import EngineError
from engine.inference.language_model import Finished, Piece
from engine.tasks.complete_code.question import Extent
from engine.tasks.complete_code.reach import kept, reach_at
from engine.tasks.complete_code.request import END_WORDS
from engine.tasks.complete_code.session import alternatives
from engine.tasks.complete_code.session.ending import end_all
from engine.tasks.complete_code.session.events import Suggest, SuggestFailed, Trigger
from engine.tasks.complete_code.session.memory import SuggestionMemory
from engine.tasks.complete_code.session.prompting import Prompting
from engine.tasks.complete_code.session.run import Run
from engine.tasks.complete_code.session.wish import Wish
from engine.tasks.complete_code.writing import Writing, write

# So many requests of one session may be under way: the newest, and those that it is about to end.
_MOST_AT_ONCE = 4
_DEFECT = (
    "The engine failed while it completed the code.",
    "The engine's log has the place; `limpet engine logs` shows it.",
)


class Audience(Protocol):
    """Who hears of an answer."""

    def show_progress(self, run: Run) -> None:
        """More of an answer is written."""

    def show_end(self, run: Run) -> None:
        """An answer is complete."""

    def show_failure(self, run: Run, failure: SuggestFailed) -> None:
        """An answer cannot be given."""


class Answering:
    """The answers of one session; the newest one is `run`."""

    def __init__(
        self,
        prompting: Prompting,
        memory: SuggestionMemory,
        audience: Audience,
        *,
        name: str,
        client: str,
    ) -> None:
        self._prompting = prompting
        self._memory = memory
        self._audience = audience
        self._name = name
        self._client = client
        self._task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_MOST_AT_ONCE)
        self.run: Run | None = None

    def start(self, wish: Wish) -> None:
        """Let the model answer a wish.

        An answer on its way is not cancelled: the new request supersedes it in the worker, which
        keeps what both prompts have in common, even what it is reading at this moment.
        """
        if self.run is not None and self.run.is_written and not self.run.is_done:
            self.stop()  # only alternatives are missing, which nothing supersedes
        run = self.run = Run(wish.caret)
        self._task = asyncio.create_task(self._answer(run, wish))
        self._tasks.add(self._task)
        self._task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Stop the newest answer; the model stops."""
        if self._task is not None:
            self._task.cancel()
        self._task = self.run = None

    async def close(self) -> None:
        """Stop all answers and wait until nothing is under way."""
        await end_all(self._tasks)

    async def _answer(self, run: Run, wish: Wish) -> None:
        number = wish.event.id
        try:
            await self._generate(run, wish.event)
        except EngineError as error:
            failure = SuggestFailed(number, error.reason, error.message, error.advice)
            self._audience.show_failure(run, failure)
        except Exception:
            self._audience.show_failure(run, SuggestFailed(number, "INTERNAL", *_DEFECT))
            raise
        finally:
            if self.run is run:
                self.run = None

    async def _generate(self, run: Run, event: Suggest) -> None:
        writing = await self._writing(run, event)
        async with self._room:
            if self.run is run:  # and no newer wish came first
                await self._write(run, event, writing)

    async def _write(self, run: Run, event: Suggest, writing: Writing) -> None:
        async with aclosing(write(writing)) as steps:
            async for step in steps:
                match step:
                    case Piece():
                        self._prompting.note_read(writing.plan)
                        run.add(step)
                        self._audience.show_progress(run)
                    case Finished(reason, figures):
                        run.reason, run.figures = END_WORDS[reason], figures
                        run.text = kept(run.reach, run.text, reason)
        if run.reason in ("superseded", "deadline"):
            return
        run.is_written = True
        usual = alternatives.USUAL_COUNT if event.trigger is Trigger.MANUAL else 1
        wanted = event.alternatives or usual
        if wanted > 1:
            run.alternatives = await alternatives.sampled(
                writing.model, writing.request(), wanted - 1
            )
        run.is_done = True
        self._memory.add(run.remembered())
        self._audience.show_end(run)

    async def _writing(self, run: Run, event: Suggest) -> Writing:
        respondent = await self._prompting.respondent()
        run.model = respondent.name
        plan = await self._prompting.urgent_plan_for(respondent, run.caret)
        run.reach = reach_at(
            run.caret,
            self._prompting.path,
            event.extent,
            is_manual=event.trigger is Trigger.MANUAL,
        )
        return Writing(
            respondent.model,
            respondent.family,
            plan,
            run.caret,
            run.reach,
            may_open_block=event.extent is Extent.AUTOMATIC,
            max_tokens=event.max_tokens,
            supersedes=self._name,
            client=self._client,
            resembles=self._memory.newest_texts(),
        )
