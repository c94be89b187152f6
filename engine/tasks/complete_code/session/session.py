"""One editor with one file: takes its events, answers its wishes, reads ahead while it rests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

import msgspec

from engine.errors import InvalidInput, PositionOutsideText
from engine.inference.language_model import Figures
from engine.inference.model_provider import ModelProvider
from engine.prompts.catalog import Catalog
from engine.tasks.complete_code.caret import CaretText, cut_at
from engine.tasks.complete_code.finishing import finish
from engine.tasks.complete_code.question import Extent, Suggestion
from engine.tasks.complete_code.session.answering import Answering
from engine.tasks.complete_code.session.document import Document
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
from engine.tasks.complete_code.session.project_notes import ProjectNotes, Projects
from engine.tasks.complete_code.session.prompting import Prompting
from engine.tasks.complete_code.session.read_ahead import ReadAhead
from engine.tasks.complete_code.session.run import Run
from engine.tasks.complete_code.session.showing import in_units, others_of, worth_showing
from engine.tasks.complete_code.session.wish import Wish
from engine.tasks.complete_code.syntax_check import SyntaxKeeper, mended

# After this long without an event the user rests, and what comes next is read ahead.
REST_SECONDS = 0.3


class CompletionSession:
    """The state of one editor. Events are handled in order; answers come out of `events`."""

    def __init__(
        self,
        models: ModelProvider,
        catalog: Catalog,
        projects: Projects,
        *,
        client: str,
        name: str,
    ) -> None:
        self._client = client
        self._projects = projects
        self._notes = ProjectNotes(None, "")
        self._name = name
        self._document: Document | None = None
        self._outbox: asyncio.Queue[SessionEvent | None] = asyncio.Queue()
        self._memory = SuggestionMemory()
        self._syntax = SyntaxKeeper()
        self._prompting = Prompting(models, catalog)
        self._ahead = ReadAhead(self._prompting, self._memory, name=name, client=client)
        self._answering = Answering(self._prompting, self._memory, self, name=name, client=client)
        self._wish: Wish | None = None
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
                elif event.changes:
                    self._notes.edited(document.text, document.last_change)
            case Suggest():
                self._suggest(document, event)
            case CancelSuggest(number):
                self._cancel(number)
            case MoveCaret():
                self._move(document, event)
            case SaveDocument():
                self._notes.saved(document.text)
            case AcceptSuggestion():
                pass
        self._expect_rest()

    def end(self) -> None:
        """Let `events` end: the editor says no more."""
        self._outbox.put_nowait(None)

    async def close(self) -> None:
        """Stop everything that the session has under way."""
        if self._rest is not None:
            self._rest.cancel()
        await self._answering.close()
        await self._ahead.close()

    def _open(self, event: OpenDocument) -> None:
        is_other = self._document is None or self._prompting.path != event.path
        context = self._projects.context_of(event.project_folder)
        self._notes = ProjectNotes(context, event.path)
        self._notes.opened(event.text)
        self._prompting.open(event, self._notes, is_other=is_other)
        self._document = Document(event.text, event.version, event.unit)
        self._wish = None
        if is_other:
            self._memory.clear()
            self._caret = cut_at(event.text, 0)
        self._expect_rest()

    def _move(self, document: Document, event: MoveCaret) -> None:
        if event.version == document.version:
            with contextlib.suppress(PositionOutsideText):
                offset = document.byte_offset(event.caret)
                self._caret = cut_at(document.text, offset)
                self._notes.moved(document.text, offset)

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
        self._notes.moved(document.text, offset)
        wish = self._wish = Wish(event, caret, offset)
        match = self._memory.match(wish.around)
        if match is not None and event.trigger is Trigger.TYPING:
            self._answer_from_memory(wish, match)
        elif (run := self._answering.run) and run.typed_at(wish.around) is not None:
            wish.is_typed_through = True
            self.show_progress(run)
        else:
            self._answering.start(wish)

    def _cancel(self, number: int) -> None:
        if self._wish is not None and self._wish.event.id == number:
            self._wish = None
            self._answering.stop()

    def _answer_from_memory(self, wish: Wish, match: Match) -> None:
        entry = match.entry
        suggestion = finish(match.rest, wish.caret, entry.log_probabilities)
        others = others_of(entry.alternatives, entry.text[: match.typed], wish.caret)
        wish.is_answered = True
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
        run = self._answering.run
        if run is not None and run.typed_at(wish.around) is None:
            self._answering.stop()
        if suggestion is not None:
            self._ahead.next_line(wish.caret, suggestion)

    def show_progress(self, run: Run) -> None:
        """Tell what an answer suggests so far, where the wish is still for it."""
        wish = self._wish
        if wish is None or (typed := self._typed_through(wish, run)) is None:
            return
        first = finish(run.sure_text[typed:], wish.caret, run.log_probabilities)
        found = self._in_units([worth_showing(first, wish.event.trigger)])
        if found and found != wish.shown:
            wish.shown = found
            self._tell(Suggestions(wish.event.id, found, source=wish.source))

    def show_end(self, run: Run) -> None:
        """Tell what an answer suggests, where the wish is still for it."""
        wish = self._wish
        if wish is None or (typed := self._typed_through(wish, run)) is None:
            return
        first = finish(run.text[typed:], wish.caret, run.log_probabilities)
        others = others_of(run.alternatives, run.text[:typed], wish.caret)
        wish.is_answered = True
        found = self._final(wish, [first, *others])
        self._tell(
            Suggestions(
                id=wish.event.id,
                suggestions=found,
                is_final=True,
                source=wish.source,
                reason=run.reason if found else "nothing_new",
                figures=Figures() if wish.is_typed_through else run.figures,
                model=run.model,
            )
        )
        if first is not None:
            self._ahead.next_line(wish.caret, first)

    def _typed_through(self, wish: Wish, run: Run) -> int | None:
        """Return how much of an answer the wish's caret has typed through.

        Where a wish waits for an answer that turns out to write something else, it gets its own.
        """
        typed = run.typed_at(wish.around)
        if typed is None and not wish.is_answered and self._answering.run is run:
            wish.is_typed_through = False
            self._answering.start(wish)
        return typed

    def _in_units(self, found: Iterable[Suggestion | None]) -> tuple[SessionSuggestion, ...]:
        if self._document is None or self._caret is None:
            return ()
        return in_units(found, self._caret, self._document)

    def show_failure(self, run: Run, failure: SuggestFailed) -> None:
        """Tell why an answer cannot be given, also where a later wish waits for it."""
        wish = self._wish
        if wish is not None and not wish.is_answered and self._answering.run is run:
            wish.is_answered = True
            failure = msgspec.structs.replace(failure, id=wish.event.id)
        self._tell(failure)

    def _final(
        self, wish: Wish, found: Iterable[Suggestion | None]
    ) -> tuple[SessionSuggestion, ...]:
        """Return what is worth showing and leaves a text that parses as it is."""
        document = self._document
        if document is None or document.version != wish.event.version:
            return ()
        parsed = self._syntax.parsed(self._prompting.path, document.text)
        is_line = wish.event.extent is Extent.LINE
        worth = (worth_showing(each, wish.event.trigger) for each in found)
        whole = [
            mended(parsed, wish.offset, each, is_line=is_line) for each in worth if each is not None
        ]
        return in_units(whole, wish.caret, document)

    def _expect_rest(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(REST_SECONDS, self._at_rest)

    def _at_rest(self) -> None:
        """Read what a wish at the caret will need."""
        caret = self._caret
        if caret is not None and self._answering.run is None:
            self._rest = None
            self._ahead.prompt_at(caret, self._notes, lambda: self._rest is None)

    def _tell(self, event: SessionEvent) -> None:
        self._outbox.put_nowait(event)
