"""Lets the caret stand still once nobody types, so that an idle window takes no CPU time."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

# As long as GTK's.
_REST_MILLISECONDS = 10_000


class CaretRest(QObject):
    """The caret blinks as the system has it from each `stir` on, for some seconds."""

    def __init__(
        self, parent: QObject | None = None, rest_milliseconds: int = _REST_MILLISECONDS
    ) -> None:
        super().__init__(parent)
        self._hints = QGuiApplication.styleHints()
        self._usual = self._hints.cursorFlashTime()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(rest_milliseconds)
        self._timer.timeout.connect(self._rest)
        self.stir()

    def stir(self) -> None:
        """Blink again: somebody types, or has come to another place."""
        if not self._timer.isActive():
            self._hints.setCursorFlashTime(self._usual)
        self._timer.start()

    def _rest(self) -> None:
        self._hints.setCursorFlashTime(0)
