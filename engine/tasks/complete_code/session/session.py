"""One editor with one file: takes its events, answers its wishes, reads ahead while it rests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing

from engine.errors import EngineError, InvalidInput, PositionOutsideText
from engine.inference.language_model import Finished, Piece
from engine.inference.model_provider import ModelProvider
from engine.prompts.catalog import Catalog
from engine.tasks.complete_code.caret import CaretText, cut_at
from engine.tasks.complete_code.finishing import finish
from engine.tasks.complete_code.question import Extent, Suggestion
from engine.tasks.complete_code.request import END_WORDS, wants_block_at
from engine.tasks.complete_code.session import alternatives
from engine.tasks.complete_code.session.document import Document
from engine.tasks.complete_code.session.ending import end_all
from engine.tasks.complete_code.session.events import (
    AcceptSuggestion,
    CancelSuggest,
    ChangeDocument,
    EditorEvent,
    MoveCaret,
    OpenDocument,
    ResendText,
    SaveDocument,
    SessionEvent,
    SessionSuggestion,
    Source,
    Suggest,
    SuggestFailed,
    Suggestions,
    Trigger,
)
from engine.tasks.complete_code.session.memory import Match, SuggestionMemory
from engine.tasks.complete_code.session.prompting import Prompting
from engine.tasks.complete_code.session.read_ahead import ReadAhead
from engine.tasks.complete_code.session.run import Run
from engine.tasks.complete_code.session.showing import in_units, others_of
from engine.tasks.complete_code.session.wish import Wish
from engine.tasks.complete_code.syntax_check import SyntaxKeeper, mended
from engine.tasks.complete_code.writing import Writing, write

# After this long without an event the user rests, and what comes next is read ahead.
REST_SECONDS = 0.3
_DEFECT = (
    "The engine failed while it completed the code.",
    "The engine's log has the place; `limpet engine logs` shows it.",
)


class CompletionSession:
    """The state of one editor. Events are handled in order; answers come out of `events`."""

    def __init__(self, models: ModelProvider, catalog: Catalog, *, client: str, name: str) -> None:
        self._client = client
        self._name = name
        self._document: Document | None = None
        self._outbox: asyncio.Queue[SessionEvent | None] = asyncio.Queue()
        self._memory = SuggestionMemory()
        self._syntax = SyntaxKeeper()
        self._prompting = Prompting(models, catalog)
        self._ahead = ReadAhead(self._prompting, self._memory, name=name, client=client)
        self._wish: Wish | None = None
        self._run: Run | None = None
        self._running: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._caret: CaretText | None = None
        self._rest: asyncio.TimerHandle | None = None

    async def events(self) -> AsyncIterator[SessionEvent]:
        """Stream what the editor is to be told, until the session is closed."""
        while (event := await self._outbox.get()) is not None:
            yield event

    def handle(self, event: EditorEvent) -> None:
        """Take an event; never waits. Raises InvalidInput for one that makes no sense."""
        if isinstance(event, OpenDocument):
            self._open(event)
            return
        document = self._document
        if document is None:
            raise InvalidInput("The first event of a completion session must open a document.")
        match event:
            case ChangeDocument():
                if not document.change(event.base_version, event.version, event.changes):
                    self._tell(ResendText(document.version))
            case Suggest():
                self._suggest(document, event)
            case CancelSuggest(number):
                self._cancel(number)
            case MoveCaret():
                self._move(document, event)
            case AcceptSuggestion() | SaveDocument():
                pass
        self._expect_rest()

    def end(self) -> None:
        """Let `events` end: the editor says no more."""
        self._outbox.put_nowait(None)

    async def close(self) -> None:
        """Stop everything that the session has under way."""
        if self._rest is not None:
            self._rest.cancel()
        await end_all(self._tasks)
        await self._ahead.close()

    def _open(self, event: OpenDocument) -> None:
        is_other = self._document is None or self._prompting.path != event.path
        self._prompting.open(event, is_other=is_other)
        self._document = Document(event.text, event.version, event.unit)
        self._wish = None
        if is_other:
            self._memory.clear()
            self._caret = cut_at(event.text, 0)
        self._expect_rest()

    def _move(self, document: Document, event: MoveCaret) -> None:
        if event.version == document.version:
            with contextlib.suppress(PositionOutsideText):
                self._caret = cut_at(document.text, document.byte_offset(event.caret))

    def _suggest(self, document: Document, event: Suggest) -> None:
        if event.version != document.version:
            self._tell(ResendText(document.version))
            return
        try:
            offset = document.byte_offset(event.caret)
        except PositionOutsideText as error:
            self._tell(SuggestFailed(event.id, error.reason, error.message, error.advice))
            return
        caret = self._caret = cut_at(document.text, offset)
        wish = self._wish = Wish(event, caret, offset)
        match = self._memory.match(wish.around)
        if match is not None and event.trigger is Trigger.TYPING:
            self._answer_from_memory(wish, match)
        elif self._run is not None and self._run.typed_at(wish.around) is not None:
            self._show_progress(self._run)
        else:
            self._start(wish)

    def _cancel(self, number: int) -> None:
        if self._wish is not None and self._wish.event.id == number:
            self._wish = None
            if self._running is not None:
                self._running.cancel()

    def _answer_from_memory(self, wish: Wish, match: Match) -> None:
        entry = match.entry
        suggestion = finish(match.rest, wish.caret, entry.log_probabilities)
        others = others_of(entry.alternatives, entry.text[: match.typed], wish.caret)
        found = self._final(wish, [suggestion, *others])
        self._tell(
            Suggestions(
                id=wish.event.id,
                suggestions=found,
                is_final=True,
                source=Source.AHEAD if entry.is_ahead else Source.EARLIER,
                reason=entry.reason if found else "nothing_new",
                model=entry.model,
            )
        )
        # A run that serves this wish no longer helps; one for elsewhere only costs.
        if self._run is not None and self._run.typed_at(wish.around) is None:
            self._stop_run()
        if suggestion is not None:
            self._ahead.next_line(wish.caret, suggestion)

    def _start(self, wish: Wish) -> None:
        """Let the model answer a wish.

        An answer on its way is not cancelled: the new request supersedes it in the worker, which
        keeps what both prompts have in common, even what it is reading at this moment.
        """
        if self._run is not None and self._run.is_written:
            self._stop_run()  # only alternatives are missing, which nothing supersedes
        run = self._run = Run(wish.caret)
        self._running = asyncio.create_task(self._answer(run, wish))
        self._tasks.add(self._running)
        self._running.add_done_callback(self._tasks.discard)

    def _stop_run(self) -> None:
        if self._running is not None:
            self._running.cancel()
        self._running = self._run = None

    async def _answer(self, run: Run, wish: Wish) -> None:
        try:
            await self._generate(run, wish)
        except EngineError as error:
            event = SuggestFailed(wish.event.id, error.reason, error.message, error.advice)
            self._tell(event)
        except Exception:
            self._tell(SuggestFailed(wish.event.id, "INTERNAL", *_DEFECT))
            raise
        finally:
            if self._run is run:
                self._run = None

    async def _generate(self, run: Run, wish: Wish) -> None:
        event = wish.event
        respondent = await self._prompting.respondent()
        run.model = respondent.name
        plan = await self._prompting.plan_for(respondent.model, run.caret)
        is_manual = event.trigger is Trigger.MANUAL
        extent = event.extent
        is_block = wants_block_at(run.caret, self._prompting.path, extent, is_manual=is_manual)
        writing = Writing(
            respondent.model,
            respondent.family,
            plan,
            run.caret,
            is_block,
            may_open_block=extent is Extent.AUTOMATIC and not is_block,
            max_tokens=event.max_tokens,
            supersedes=self._name,
            client=self._client,
        )
        async with aclosing(write(writing)) as steps:
            async for step in steps:
                match step:
                    case Piece():
                        run.add(step)
                        self._show_progress(run)
                    case Finished(reason, figures):
                        run.reason, run.figures = END_WORDS[reason], figures
        if run.reason in ("superseded", "deadline"):
            return
        run.is_written = True
        wanted = event.alternatives or (alternatives.USUAL_COUNT if is_manual else 1)
        if wanted > 1:
            run.alternatives = await alternatives.sampled(
                respondent.model, writing.request(), wanted - 1
            )
        run.is_done = True
        self._memory.add(run.remembered())
        self._show_end(run)

    def _show_progress(self, run: Run) -> None:
        wish = self._wish
        if wish is None or (typed := run.typed_at(wish.around)) is None:
            return
        first = finish(run.text[typed:], wish.caret, run.log_probabilities)
        found = self._in_units([first])
        if found and found != wish.shown:
            wish.shown = found
            self._tell(Suggestions(wish.event.id, found))

    def _show_end(self, run: Run) -> None:
        wish = self._wish
        if wish is None or (typed := run.typed_at(wish.around)) is None:
            return
        first = finish(run.text[typed:], wish.caret, run.log_probabilities)
        others = others_of(run.alternatives, run.text[:typed], wish.caret)
        found = self._final(wish, [first, *others])
        self._tell(
            Suggestions(
                id=wish.event.id,
                suggestions=found,
                is_final=True,
                reason=run.reason if found else "nothing_new",
                figures=run.figures,
                model=run.model,
            )
        )
        if first is not None:
            self._ahead.next_line(wish.caret, first)

    def _in_units(self, found: Iterable[Suggestion | None]) -> tuple[SessionSuggestion, ...]:
        if self._document is None or self._caret is None:
            return ()
        return in_units(found, self._caret, self._document)

    def _final(
        self, wish: Wish, found: Iterable[Suggestion | None]
    ) -> tuple[SessionSuggestion, ...]:
        """Return what is worth showing and leaves a text that parses as it is."""
        document = self._document
        if document is None or document.version != wish.event.version:
            return ()
        parsed = self._syntax.parsed(self._prompting.path, document.text)
        whole = [mended(parsed, wish.offset, each) for each in found if each is not None]
        return in_units(whole, wish.caret, document)

    def _expect_rest(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(REST_SECONDS, self._at_rest)

    def _at_rest(self) -> None:
        """Read what a wish at the caret will need."""
        if self._caret is not None and self._run is None:
            self._ahead.prompt_at(self._caret)

    def _tell(self, event: SessionEvent) -> None:
        self._outbox.put_nowait(event)
