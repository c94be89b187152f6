"""Uses the window as a person would, and waits for what becomes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.app import App
from desktop.chat.list_model import Role
from desktop.chat.message_card import MessageCard
from desktop.settings.preferences import Preferences, PreferencesFile
from desktop.single_instance import Start
from rpc.conversation_records import SearchHit
from rpc.places import config_directory

SECONDS = 30.0
_STEP_MILLISECONDS = 10


class Driver:
    """A window, and a person in front of it."""

    def __init__(self, application: QApplication, home: Path, start: Start | None = None) -> None:
        self.application = application
        self.home = home
        file = PreferencesFile(config_directory())
        if not file.path.exists():
            file.write(Preferences(language="en"))
        self.app = App(application)
        self.app.show(start)
        self._is_closed = False
        self._ended: list[bool] = []
        self.app.ended.connect(lambda: self._ended.append(True))

    @property
    def composer_text(self) -> str:
        """What is typed."""
        return self.app.parts.chat.view.composer.content

    @property
    def cards(self) -> tuple[MessageCard, ...]:
        """The messages that are shown."""
        return self.app.parts.chat.view.column.cards

    @property
    def texts(self) -> list[str]:
        """What the messages say."""
        return [card.message.text for card in self.cards]

    @property
    def banner(self) -> str:
        """What the banner says; empty where it is hidden."""
        banner = self.app.parts.chat.view.banner
        return banner.text if banner.isVisible() else ""

    def until(self, condition: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
        """Let the window live until a condition holds; fail after some seconds."""
        deadline = time.monotonic() + seconds
        loop = QEventLoop()
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
            QTimer.singleShot(_STEP_MILLISECONDS, loop.quit)
            loop.exec()

    def type(self, text: str) -> None:
        """Type into the composer."""
        self.app.parts.chat.view.composer.text.insertPlainText(text)

    def press(self, key: Qt.Key, widget: QWidget | None = None) -> None:
        """Press a key."""
        QTest.keyClick(widget or self.app.parts.chat.view.composer.text, key)

    def send(self, text: str) -> None:
        """Type a question and press Enter."""
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def ask(self, text: str) -> None:
        """Ask, and wait for the whole answer."""
        count = len(self.cards)
        self.send(text)
        self.until(lambda: len(self.cards) > count + 1, "the answer begins")
        self.until_answered()

    def until_answered(self) -> None:
        """Wait until no answer is being written."""
        self.until(lambda: self.app.conversation_desk.answer is None, "the answer is whole")

    def listed(self) -> list[str]:
        """Return the rows of the list."""
        rows = self.app.parts.chat.list.rows
        return [str(rows.data(rows.index(number))) for number in range(rows.rowCount())]

    def listed_ids(self) -> list[str]:
        """Return the conversations in the list, whatever the model has named them."""
        rows = self.app.parts.chat.list.rows
        found = [rows.data(rows.index(number), Role.ROW) for number in range(rows.rowCount())]
        ids = [
            row.conversation if isinstance(row, SearchHit) else getattr(row, "id", "")
            for row in found
        ]
        return [each for each in ids if each]

    def close(self) -> None:
        """Close the window and wait until the app has let go."""
        if self._is_closed:
            return
        self._is_closed = True
        # A test that is about to end answers no question about what it typed.
        self.app.parts.code.text.document().setModified(False)
        if self.app.parts.window.isVisible():
            self.app.parts.window.close()
        self.until(lambda: bool(self._ended), "the app has ended")
        self.app.parts.window.deleteLater()
        self.app.look.changed.disconnect()
        self.app.deleteLater()
