"""Builds the app from its parts and connects them."""

from __future__ import annotations

import importlib.metadata

import msgspec
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.appearance.caret_rest import CaretRest
from desktop.appearance.look import Look
from desktop.background.engine_link import EngineLink
from desktop.background.jobs import Background
from desktop.chat.answering import Answering
from desktop.chat.conversation_desk import ConversationDesk
from desktop.chat.keeping_up import KeepingUp
from desktop.chat.list_desk import ListDesk
from desktop.models.model_desk import ModelDesk
from desktop.settings.preferences import Preferences, PreferencesFile
from desktop.single_instance import Start
from desktop.translating import Translating
from desktop.window_parts import WindowParts
from rpc.places import config_directory

translate = QCoreApplication.translate
# What was typed is being saved then; a window that hangs at its end would be worse than losing it.
_LAST_MILLISECONDS = 1500


class App(QObject):
    """The window and what stands behind it. The engine is reached for only after it is shown.

    The desks live as long as the app; the widgets are made anew when the language changes.
    """

    ended = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._file = PreferencesFile(config_directory())
        self.preferences = self._file.read()
        self.version = importlib.metadata.version("limpet")
        self.look = Look(application)
        self.caret_rest = CaretRest(self)
        self._translating = Translating(application, self)
        self._apply()
        self.background = Background(EngineLink(self.version), self)
        self.answering = Answering(self.background, self)
        self.conversation_desk = ConversationDesk(self.background, self.answering, self)
        self.list_desk = ListDesk(self.background, self)
        self.keeping_up = KeepingUp(self.background, self.conversation_desk, self.list_desk, self)
        self.model_desk = ModelDesk(self.background, self)
        self.model_desk.prepared.connect(lambda _: self.model_desk.refresh())
        self.parts = WindowParts(self)

    def show(self, start: Start | None = None) -> None:
        """Show the window, then begin to read."""
        self.parts.window.put_back(self.preferences.window)
        self.parts.window.show()
        self.parts.chat.focus_composer()
        # After the first drawing: connecting costs time that nobody should wait for.
        QTimer.singleShot(0, self, self._begin_to_read)
        if start is not None and start.place:
            self.parts.chat.attaching.attach([start.place])

    def start_again(self, start: Start) -> None:
        """Somebody started the program a second time: show this window, and attach the file."""
        self.parts.window.to_front()
        if start.place:
            self.parts.window.show_page("chat")
            self.parts.chat.attaching.attach([start.place])

    def prefer(self, preferences: Preferences) -> None:
        """Apply and keep what the user prefers now."""
        has_other_language = preferences.language != self.preferences.language
        self.preferences = preferences
        self._apply()
        self._keep()
        if has_other_language:
            # Not inside the signal of a widget that is about to go.
            QTimer.singleShot(0, self, self._make_window_anew)
        else:
            self.parts.show_preferences(preferences)

    def end(self) -> None:
        """Keep what was typed, then end; called when the window is closed."""
        self.caret_rest.stir()
        self.parts.chat.drafts.save()
        self.preferences = msgspec.structs.replace(
            self.preferences,
            window=self.parts.window.place(),
            draft=self.parts.chat.drafts.of_new,
        )
        self._keep()
        self.background.finish(self.ended.emit, _LAST_MILLISECONDS)

    def _begin_to_read(self) -> None:
        self.parts.chat.start(self.preferences.draft)
        self.model_desk.refresh()
        self.model_desk.prepare(self.preferences.model)

    def _make_window_anew(self) -> None:
        old, page = self.parts, self.parts.window.page
        open_one = self.conversation_desk.conversation
        old.chat.drafts.save()
        draft = old.chat.drafts.of_new
        self.parts = WindowParts(self)
        self.parts.window.setGeometry(old.window.geometry())
        self.parts.window.show_page(page)
        self.parts.window.show()
        self.parts.code.carry_over(old.code)
        old.discard()
        self.parts.chat.start(draft)
        if open_one is not None:
            self.conversation_desk.open(open_one.id)
        self.model_desk.refresh()

    def _apply(self) -> None:
        self.look.apply(self.preferences.scheme, self.preferences.zoom_percent / 100)
        self._translating.use(self.language)

    @property
    def language(self) -> str:
        """The language of the window: `en` or `zh`."""
        if self.preferences.language:
            return self.preferences.language
        return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"

    def _keep(self) -> None:
        try:
            self._file.write(self.preferences)
        except OSError as error:
            self.parts.chat.view.banner.tell(
                translate("settings", "The settings cannot be kept: {0}.").format(error.strerror),
                kind="warning",
            )
