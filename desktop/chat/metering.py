"""Asks the engine what a question would cost, once the user rests; the newest question counts."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.background.jobs import Background, Job
from rpc.chat import Attachment
from rpc.client import Limpet
from rpc.failures import Failure
from rpc.prompt_measure import PromptMeasure

_REST_MILLISECONDS = 500


class Draft(msgspec.Struct, frozen=True):
    """A question as it is typed now, and where it would go."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    conversation: str = ""
    model: str = ""


class Metering(QObject):
    """Emits `measured` with a PromptMeasure, or None where nothing is known."""

    measured = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._draft = Draft("")
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MILLISECONDS)
        self._timer.timeout.connect(self._ask)

    def note(self, draft: Draft) -> None:
        """Take what is typed now."""
        if draft == self._draft:
            return
        self._draft = draft
        if self._job is not None:
            self._job.drop()
            self._job = None
        if draft.text.strip() or draft.attachments:
            self._timer.start()
        else:
            self._timer.stop()
            self.measured.emit(None)

    def _ask(self) -> None:
        draft = self._draft

        def work(limpet: Limpet) -> PromptMeasure:
            return limpet.conversations.meter.measure(
                draft.text.encode("utf-8", "surrogatepass"),
                draft.attachments,
                conversation=draft.conversation,
                model=draft.model,
            )

        # What cannot be measured is told when it is sent.
        def failed(_failure: Failure) -> None:
            self.measured.emit(None)

        self._job = self._background.call(work, self.measured.emit, failed)
