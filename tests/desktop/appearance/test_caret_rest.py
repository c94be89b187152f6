"""The caret stands still once nobody types, and blinks again with the next key."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.appearance.caret_rest import CaretRest


def test_the_caret_rests_and_blinks_again(application: QApplication) -> None:
    hints = application.styleHints()
    usual = hints.cursorFlashTime()
    assert usual > 0
    rest = CaretRest(rest_milliseconds=1)
    loop = QEventLoop()
    hints.cursorFlashTimeChanged.connect(loop.quit)
    QTimer.singleShot(10_000, loop.quit)
    loop.exec()
    assert hints.cursorFlashTime() == 0
    rest.stir()
    assert hints.cursorFlashTime() == usual
    rest.deleteLater()
    hints.setCursorFlashTime(usual)
