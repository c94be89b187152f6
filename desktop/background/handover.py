"""Hands functions from background threads to the thread of the window."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Handover(QObject):
    """Runs what background threads give it in the thread that it was made in."""

    _given = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def give(self, action: Callable[[], None]) -> None:
        """Have `action` run in the window's thread; safe from any thread.

        Once the window is gone there is nobody to run it, and it is dropped.
        """
        with contextlib.suppress(RuntimeError):  # what a signal raises whose object Qt deleted
            self._given.emit(action)

    def _run(self, action: object) -> None:
        if callable(action):
            action()
