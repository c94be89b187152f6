"""Has the open file looked at, and keeps what was found."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.background.one_stream import OneStream
from rpc.failures import Failure
from rpc.review import FileDone, Finding, ReviewBegan, ReviewEvent, ReviewFile


class FindingsDesk(QObject):
    """One review at a time. `changed` tells that there are more findings, `ended` the end."""

    changed = Signal()
    ended = Signal()
    failed = Signal(Failure)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stream = OneStream(background)
        self.findings: tuple[Finding, ...] = ()
        self.notes: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether a review is under way."""
        return self._stream.is_running

    def review(self, path: str, text: str) -> None:
        """Look at a text, instead of what was looked at before."""
        self.stop()
        self.clear()
        file = ReviewFile(path, text.encode("utf-8", "replace"))
        self._stream.begin(lambda limpet: limpet.review.review([file]), self._take, self._end)
        self.changed.emit()

    def stop(self) -> None:
        """Stop looking."""
        if self._stream.stop():
            self.ended.emit()

    def clear(self) -> None:
        """Forget what was found."""
        self.findings, self.notes = (), ()

    def drop(self, finding: Finding) -> None:
        """Forget one finding: it was dealt with."""
        self.findings = tuple(each for each in self.findings if each is not finding)
        self.changed.emit()

    def _take(self, events: Iterable[ReviewEvent]) -> None:
        for event in events:
            match event:
                case Finding():
                    self.findings += (event,)
                case ReviewBegan(missing_signals=missing):
                    self.notes += missing
                case FileDone(skipped=reason) if reason:
                    self.notes += (reason,)
        self.changed.emit()

    def _end(self, failure: Failure | None) -> None:
        self.ended.emit()
        if failure is not None:
            self.failed.emit(failure)
