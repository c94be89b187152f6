"""Asks the engine for code actions: which there are, edits, and talk about code."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background, Job
from desktop.background.one_stream import OneStream
from rpc.actions import (
    ActionKind,
    CodeAction,
    CodeSelection,
    EditEvent,
    EditFinished,
    EditPiece,
    EditRetried,
    EditWish,
    TalkEvent,
    TalkPiece,
    TalkWish,
)
from rpc.failures import Failure


class ActionsDesk(QObject):
    """One action at a time. `edited` brings a checked edit; `grew` more of what is written.

    `restarted` tells that what has grown so far is void, with the reason.
    """

    listed = Signal(object)
    grew = Signal(str)
    restarted = Signal(str)
    edited = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._stream = OneStream(background)
        self._reading: Job | None = None
        self.actions: tuple[CodeAction, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether the model is at work on an action."""
        return self._stream.is_running

    def read_list(self) -> None:
        """Learn which actions there are."""

        def done(actions: tuple[CodeAction, ...]) -> None:
            self.actions = actions
            self.listed.emit(actions)

        self._reading = self._background.call(
            lambda limpet: limpet.actions.list_actions(), done, self.failed.emit
        )

    def begin(
        self,
        action: CodeAction,
        selection: CodeSelection,
        *,
        instruction: str = "",
        project_folder: str = "",
        language: str = "",
    ) -> None:
        """Do an action to a selection, instead of what was being done."""
        self.stop()
        if action.kind is ActionKind.EDIT:
            edit = EditWish(
                selection, action.name, instruction=instruction, project_folder=project_folder
            )
            self._stream.begin(lambda limpet: limpet.actions.edit(edit), self._take_edit, self._end)
            return
        talk = TalkWish(
            selection,
            action.name,
            instruction=instruction,
            project_folder=project_folder,
            answer_language=language,
        )
        self._stream.begin(lambda limpet: limpet.actions.talk(talk), self._take_talk, self._end)

    def stop(self) -> None:
        """Stop the model; nothing of the action comes any more."""
        if self._stream.stop():
            self.ended.emit()

    def close(self) -> None:
        """Stop for good: nothing comes back to a desk that goes with its window."""
        self.stop()
        if self._reading is not None:
            self._reading.drop()

    def _take_edit(self, events: Iterable[EditEvent]) -> None:
        for event in events:
            match event:
                case EditPiece(text=text):
                    self.grew.emit(text.decode("utf-8", "replace"))
                case EditRetried(reason=reason):
                    self.restarted.emit(reason)
                case EditFinished():
                    self.edited.emit(event)

    def _take_talk(self, events: Iterable[TalkEvent]) -> None:
        text = "".join(event.text for event in events if isinstance(event, TalkPiece))
        if text:
            self.grew.emit(text)

    def _end(self, failure: Failure | None) -> None:
        self.ended.emit()
        if failure is not None:
            self.failed.emit(failure)
