"""Builds the app from its parts and connects them."""

from __future__ import annotations

import importlib.metadata

import msgspec
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QApplication

from desktop.appearance.look import Look
from desktop.background.engine_link import EngineLink
from desktop.background.jobs import Background
from desktop.chat.answering import Answering
from desktop.chat.chat_page import ChatPage
from desktop.chat.conversation_desk import ConversationDesk
from desktop.chat.list_desk import ListDesk
from desktop.main_window import MainWindow
from desktop.settings.preferences import Preferences, PreferencesFile
from rpc.places import config_directory

translate = QCoreApplication.translate


class App(QObject):
    """The window and what stands behind it. The engine is reached for only after it is shown."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._file = PreferencesFile(config_directory())
        self.preferences = self._file.read()
        self.look = Look(application)
        self._apply_look()
        self.background = Background(EngineLink(_version()), self)
        self.answering = Answering(self.background, self)
        self.conversation_desk = ConversationDesk(self.background, self.answering, self)
        self.list_desk = ListDesk(self.background, self)
        self.window = MainWindow(self.look)
        self.chat = ChatPage(self.look, self.conversation_desk, self.list_desk, self.answering)
        self.window.add_page("chat", self.chat, "chat", translate("window", "Chat"))
        self.window.put_back(self.preferences.window)
        self.look.changed.connect(self.chat.restyle)
        self.chat.title_changed.connect(self.window.set_title)
        self.window.closed.connect(self._end)

    def show(self) -> None:
        """Show the window, then begin to read."""
        self.window.show()
        self.chat.focus_composer()
        self.chat.start()

    def prefer(self, preferences: Preferences) -> None:
        """Apply and keep what the user prefers now."""
        self.preferences = preferences
        self._apply_look()
        self._file.write(preferences)

    def _apply_look(self) -> None:
        self.look.apply(self.preferences.scheme, self.preferences.zoom_percent / 100)

    def _end(self) -> None:
        self.prefer(msgspec.structs.replace(self.preferences, window=self.window.place()))
        self.background.close()


def _version() -> str:
    return importlib.metadata.version("limpet")
