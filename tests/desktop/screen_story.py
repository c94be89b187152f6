"""A story in a real window, run by test_on_a_screen.py as a program of its own under Xvfb."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.desktop.driver import Driver


def main() -> int:
    """Go through the story; an AssertionError ends the program with 1."""
    application = QApplication(["limpet"])
    application.setQuitOnLastWindowClosed(False)
    assert application.platformName() == "xcb"
    driver = Driver(application, Path.home())
    window = driver.app.parts.window
    assert QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    driver.until(lambda: application.focusWidget() is not None, "the window has the focus")
    _type_as_input_methods_do(driver)
    _drop_a_file(driver)
    driver.send("a long one")
    driver.until(lambda: len(driver.cards) == 2, "the answer begins")
    _use_the_keys(driver)
    assert driver.app.conversation_desk.answer is not None, "closed while it streams"
    window.grab().save(sys.argv[1])
    driver.close()
    return 0


def _type_as_input_methods_do(driver: Driver) -> None:
    """Enter that ends a composition must not send."""
    field = driver.app.parts.chat.view.composer.text
    assert field.hasFocus()
    QApplication.sendEvent(field, QInputMethodEvent("ni", []))
    driver.press(Qt.Key.Key_Return)
    assert driver.cards == ()
    committed = QInputMethodEvent("", [])
    committed.setCommitString("你")
    QApplication.sendEvent(field, committed)
    assert driver.composer_text == "你"
    field.clear()


def _drop_a_file(driver: Driver) -> None:
    source = Path.home() / "dropped.py"
    source.write_text("x = 1\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(source))])
    composer = driver.app.parts.chat.view.composer
    event = QDropEvent(
        QPointF(QPoint(20, 20)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    composer.dropEvent(event)
    driver.until(lambda: bool(composer.attachments), "the dropped file is attached")


def _use_the_keys(driver: Driver) -> None:
    parts = driver.app.parts
    control = Qt.KeyboardModifier.ControlModifier

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = control) -> None:
        focused = QApplication.focusWidget() or parts.window
        QTest.keyClick(focused, key, modifiers)

    press(Qt.Key.Key_Comma)
    driver.until(lambda: parts.window.page == "settings", "Ctrl+, shows the settings")
    press(Qt.Key.Key_1)
    driver.until(lambda: parts.window.page == "chat", "Ctrl+1 shows the chat")
    press(Qt.Key.Key_F, control | Qt.KeyboardModifier.ShiftModifier)
    driver.until(parts.chat.list.search.hasFocus, "Ctrl+Shift+F searches everywhere")
    press(Qt.Key.Key_L)
    driver.until(parts.chat.view.composer.text.hasFocus, "Ctrl+L goes to the composer")
    press(Qt.Key.Key_B)
    driver.until(lambda: not parts.chat.list.isVisible(), "Ctrl+B hides the list")
    press(Qt.Key.Key_K)
    driver.until(lambda: QApplication.activePopupWidget() is not None, "Ctrl+K: the palette")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


if __name__ == "__main__":
    sys.exit(main())
