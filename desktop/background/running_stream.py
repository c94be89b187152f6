"""Reads one stream in a thread and hands its events over in batches."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from desktop.background.handover import Handover
from rpc.failures import Cancelled, Failure, InternalFailure

# As long as a reader does not see the steps: about as many drawings as a film has pictures.
BATCH_MILLISECONDS = 40

_log = logging.getLogger(__name__)


class _Cancellable(Protocol):
    def __iter__(self) -> Iterator[Any]: ...
    def cancel(self) -> None: ...


class RunningStream(QObject):
    """A stream that is being read. `cancel` stops it, and the model with it."""

    def __init__(
        self,
        opening: Callable[[], _Cancellable],
        batch: Callable[[list[Any]], None],
        ended: Callable[[Failure | None], None],
        handover: Handover,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._opening = opening
        self._batch = batch
        self._ended = ended
        self._handover = handover
        self._lock = threading.Lock()
        self._waiting: list[Any] = []
        self._is_announced = False
        self._is_cancelled = False
        self._stream: _Cancellable | None = None
        self._since_batch = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._hand_out)

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._is_cancelled

    def cancel(self) -> None:
        """Stop the stream; what has come is still handed out, then its end."""
        with self._lock:
            self._is_cancelled = True
            stream = self._stream
        if stream is not None:
            stream.cancel()

    def read(self) -> None:
        """Read to the end, in the thread that this is called in."""
        failure: Failure | None = None
        try:
            stream = self._opening()
            with self._lock:
                self._stream = stream
                is_cancelled = self._is_cancelled
            if is_cancelled:
                stream.cancel()
            for event in stream:
                self._take(event)
        except Failure as raised:
            failure = raised
        except Exception as error:  # noqa: BLE001 - a defect must reach the user, not a dead thread
            _log.exception("a stream failed")
            failure = InternalFailure(f"{type(error).__name__}: {error}")
        if self._is_cancelled and failure is None:
            failure = Cancelled("The request was cancelled.")
        self._handover.give(lambda: self._finish(failure))

    def _take(self, event: object) -> None:
        with self._lock:
            self._waiting.append(event)
            if self._is_announced:
                return
            self._is_announced = True
        self._handover.give(self._announce)

    def _announce(self) -> None:
        """Hand out at once after a pause, so that the first word is not late; else in time."""
        passed = self._since_batch.elapsed() if self._since_batch.isValid() else BATCH_MILLISECONDS
        if passed >= BATCH_MILLISECONDS:
            self._hand_out()
        else:
            self._timer.start(BATCH_MILLISECONDS - int(passed))

    def _hand_out(self) -> None:
        self._timer.stop()
        self._since_batch.restart()
        with self._lock:
            events, self._waiting = self._waiting, []
            self._is_announced = False
        if events:
            self._batch(events)

    def _finish(self, failure: Failure | None) -> None:
        self._hand_out()
        self._ended(failure)
        self.deleteLater()
