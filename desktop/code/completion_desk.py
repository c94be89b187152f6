"""Keeps the engine in step with an edited text, and brings what it suggests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, Signal

from desktop.background.handover import Handover
from desktop.background.jobs import Background
from desktop.background.one_stream import OneStream
from rpc.client import Limpet
from rpc.completion_session import (
    CompletionSession,
    OffsetUnit,
    ResendText,
    SessionEvent,
    SuggestFailed,
    Suggestions,
    SuggestOptions,
    TextChange,
    Trigger,
)
from rpc.failures import Failure

_ALTERNATIVES = 3


class _SessionStream:
    """A session as the background reads it."""

    def __init__(self, session: CompletionSession) -> None:
        self._session = session

    def __iter__(self) -> Iterator[SessionEvent]:
        return iter(self._session)

    def cancel(self) -> None:
        self._session.close()


class CompletionDesk(QObject):
    """One open file. Offsets count UTF-16 units, as Qt does.

    `suggested` brings the caret that they are for and suggestions; none take the old ones away.
    """

    suggested = Signal(int, tuple)
    failed = Signal(Failure)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stream = OneStream(background)
        self._handover = Handover(self)
        self._path = ""
        self._project = ""
        self._text_of: Callable[[], str] = str
        self._version = 0
        self._wish = 0
        self._wished: tuple[int, Trigger] | None = None
        self._session: CompletionSession | None = None

    def open(self, path: str, project: str, text_of: Callable[[], str]) -> None:
        """Complete in this file from now on; `text_of` tells its text at any time."""
        self.close()
        self._path, self._project, self._text_of = path, project, text_of
        self._version += 1
        self._begin()

    def close(self) -> None:
        """Complete nothing any more; the model stops."""
        self._stream.stop()
        self._session = self._wished = None

    def changed(self, start: int, removed: int, added: str) -> None:
        """Tell of a change of the text."""
        self._version += 1
        if self._session is not None:
            change = TextChange(start, start + removed, added.encode("utf-8", "replace"))
            self._session.change_document(self._version - 1, self._version, [change])

    def moved(self, caret: int) -> None:
        """Tell where the caret is, so that what is there can be read ahead."""
        if self._session is not None:
            self._session.move_caret(self._version, caret)

    def wish(self, caret: int, trigger: Trigger = Trigger.TYPING) -> None:
        """Ask for suggestions at the caret, instead of the last ones asked for."""
        self._wish += 1
        self._wished = (caret, trigger)
        if self._session is not None:
            wanted = _ALTERNATIVES if trigger is Trigger.MANUAL else 0
            options = SuggestOptions(trigger=trigger, alternatives=wanted)
            self._session.suggest(self._wish, self._version, caret, options)
        elif not self._stream.is_running and self._path:
            self._begin()

    def unwish(self) -> None:
        """Want no suggestion; the model stops."""
        if self._wished is not None and self._session is not None:
            self._session.cancel_suggest(self._wish)
        self._wished = None

    def accepted(self, text: str) -> None:
        """Tell how much of a suggestion was taken."""
        if self._session is not None:
            self._session.accept_suggestion(self._wish, len(text.encode("utf-8", "replace")))

    def saved(self) -> None:
        """Tell that the file was saved."""
        if self._session is not None:
            self._session.save_document()

    def _begin(self) -> None:
        path, project, text, version = self._path, self._project, self._text_of(), self._version

        def opening(limpet: Limpet) -> _SessionStream:
            session = limpet.completion.session()
            self._show(session, path, project, text, version)
            self._handover.give(lambda: self._ready(session, path, version))
            return _SessionStream(session)

        self._stream.begin(opening, self._take, self._end)

    def _show(
        self, session: CompletionSession, path: str, project: str, text: str, version: int
    ) -> None:
        content = text.encode("utf-8", "replace")
        session.open_document(path, content, version, unit=OffsetUnit.UTF16, project_folder=project)

    def _ready(self, session: CompletionSession, path: str, version: int) -> None:
        if path != self._path or not self._stream.is_running:
            session.close()
            return
        self._session = session
        if version != self._version:
            self._resend()
        elif self._wished is not None:
            self.wish(*self._wished)

    def _resend(self) -> None:
        if self._session is not None:
            text = self._text_of()
            self._show(self._session, self._path, self._project, text, self._version)
            if self._wished is not None:
                self.wish(*self._wished)

    def _take(self, events: Iterable[SessionEvent]) -> None:
        for event in events:
            match event:
                case ResendText():
                    self._resend()
                case Suggestions(id=wish, suggestions=found) if wish == self._wish:
                    if self._wished is not None and (found or event.is_final):
                        self.suggested.emit(self._wished[0], found)
                case SuggestFailed(id=wish, failure=failure) if wish == self._wish:
                    self.failed.emit(failure)

    def _end(self, failure: Failure | None) -> None:
        self._session = None
        self.suggested.emit(0, ())
        if failure is not None:
            self.failed.emit(failure)
