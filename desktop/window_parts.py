"""The window with its views and commands, made of the app's desks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog

from desktop.appearance.caret_rest import CaretRest
from desktop.appearance.look import Look
from desktop.appearance.theme import Scheme
from desktop.background.jobs import Background
from desktop.chat.answering import Answering
from desktop.chat.chat_page import ChatPage
from desktop.chat.conversation_desk import ConversationDesk
from desktop.chat.keeping_up import KeepingUp
from desktop.chat.list_desk import ListDesk
from desktop.code.code_page import CodePage
from desktop.code.typed_place import TypedPlace, typed_place
from desktop.main_window import MainWindow
from desktop.models.first_model import FirstModel
from desktop.models.model_desk import ModelDesk, ModelOverview
from desktop.models.models_page import ModelsPage
from desktop.settings.commands import Command, bind, make_commands
from desktop.settings.palette import Palette
from desktop.settings.preferences import Preferences
from desktop.settings.report import ReportDialog
from desktop.settings.settings_page import ZOOMS, SettingsPage
from desktop.settings.shortcut_sheet import ShortcutSheet
from rpc.visible_text import visible

translate = QCoreApplication.translate


class Desks(Protocol):
    """What the window is made of and speaks to; the app has all of it."""

    look: Look
    background: Background
    answering: Answering
    conversation_desk: ConversationDesk
    list_desk: ListDesk
    keeping_up: KeepingUp
    caret_rest: CaretRest
    model_desk: ModelDesk
    preferences: Preferences
    version: str

    @property
    def language(self) -> str:
        """The language of the window."""
        ...

    def prefer(self, preferences: Preferences) -> None:
        """Apply and keep preferences."""
        ...

    def end(self) -> None:
        """End after the window was closed."""
        ...


class WindowParts(QObject):
    """One window; a new one is made when the language changes.

    It goes with its window, so that nothing of it hears the desks any more.
    """

    def __init__(self, app: Desks) -> None:
        look = app.look
        window = MainWindow(look)
        super().__init__(window)
        self._app = app
        self.window = window
        self.chat = ChatPage(
            look,
            app.background,
            desk=app.conversation_desk,
            list_desk=app.list_desk,
            answering=app.answering,
        )
        self.code = CodePage(look, app.background, app.language)
        self.models = ModelsPage(look, app.model_desk)
        self.settings = SettingsPage(look, app.preferences)
        self.first_model = FirstModel(look, app.model_desk)
        self.chat.view.greeting.offer(self.first_model)
        add = self.window.add_page
        add("chat", self.chat, "chat", translate("window", "Chat"))
        add("code", self.code, "code", translate("window", "Code"))
        add("models", self.models, "models", translate("window", "Models"))
        add(
            "settings",
            self.settings,
            "settings",
            translate("window", "Settings"),
            at_end=True,
        )
        self.commands = make_commands(self._actions())
        bind(self.window, self.commands)
        self._connect()
        self.show_preferences(app.preferences)

    def show_preferences(self, preferences: Preferences) -> None:
        """Draw what is preferred now."""
        self.settings.show_preferences(preferences)
        self.chat.list.setVisible(preferences.list_shown)
        desk = self._app.conversation_desk
        desk.model, desk.language = preferences.model, self._app.language

    def discard(self) -> None:
        """Take the window away without ending the app."""
        self.code.close_session()
        self.window.blockSignals(True)
        self.window.hide()
        self.window.deleteLater()

    def open_palette(self) -> Palette:
        """Show the palette of commands."""
        palette = Palette(self._app.look, self.commands, self._read_place, self.window)
        palette.open()
        return palette

    def open_report(self) -> ReportDialog:
        """Show what a report of a problem needs."""
        app = self._app
        dialog = ReportDialog(app.look, app.background, app.version, self.window)
        dialog.open()
        return dialog

    def open_shortcuts(self) -> ShortcutSheet:
        """Show the sheet of keys."""
        sheet = ShortcutSheet(self._app.look, self.commands, self.window)
        sheet.open()
        return sheet

    def _connect(self) -> None:
        app = self._app
        app.look.changed.connect(self.chat.restyle)
        self.window.closed.connect(app.end)
        self.window.ask_before_closing(self._may_close)
        app.keeping_up.read.connect(self.chat.keep_up)
        self.window.page_shown.connect(self._page_shown)
        self.chat.title_changed.connect(self.window.set_title)
        self.code.title_changed.connect(self._show_code_title)
        self.code.ask_wanted.connect(self._ask_about)
        for text in (self.chat.view.composer.text, self.code.text):
            text.cursorPositionChanged.connect(app.caret_rest.stir)
        self.settings.changed.connect(app.prefer)
        self.settings.report_wanted.connect(self.open_report)
        self.settings.shortcuts_wanted.connect(self.open_shortcuts)
        self.settings.export_wanted.connect(lambda: self.chat.actions_of_chat.export(""))
        self.settings.import_wanted.connect(self._choose_import)
        self.first_model.others_wanted.connect(lambda: self.window.show_page("models"))
        picker = self.chat.view.composer.models
        picker.manage_wanted.connect(lambda: self.window.show_page("models"))
        picker.picked.connect(self._pick_model)
        app.model_desk.listed.connect(self._show_models)

    def _may_close(self) -> bool:
        if not self.code.is_changed:
            return True
        self.window.show_page("code")
        self.code.ask_to_save(self.window.close)
        return False

    def _show_code_title(self, name: str) -> None:
        if self.window.page == "code":
            self.window.set_title(name)

    def _ask_about(self, place: str) -> None:
        self.window.show_page("chat")
        self.chat.attaching.attach([place])

    def _page_shown(self, name: str) -> None:
        if name == "models":
            self._app.model_desk.refresh()

    def _show_models(self, overview: ModelOverview) -> None:
        picker = self.chat.view.composer.models
        picker.show_models(overview.cards, self._app.preferences.model)

    def _pick_model(self, model: str) -> None:
        self._change(model=model)
        self._app.model_desk.prepare(model)

    def _change(self, **values: object) -> None:
        self._app.prefer(msgspec.structs.replace(self._app.preferences, **values))

    def _zoom(self, step: int) -> None:
        now = self._app.preferences.zoom_percent
        wider = [zoom for zoom in ZOOMS if (zoom - now) * step > 0]
        if wider:
            self._change(zoom_percent=min(wider, key=lambda zoom: abs(zoom - now)))

    def _choose_import(self) -> None:
        dialog = QFileDialog(self.window, translate("chat", "Import conversations"))
        dialog.setNameFilters(["JSON (*.json)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.chat.actions_of_chat.import_from)
        dialog.open()

    def _find_everywhere(self) -> None:
        self._change(list_shown=True)
        self.window.show_page("chat")
        self.chat.focus_search()

    def _open_code_file(self) -> None:
        self.window.show_page("code")
        self.code.choose_file()

    def _read_place(self, typed: str) -> Command | None:
        place = typed_place(typed, str(Path(self.code.path or ".").parent))
        if place is None:
            return None
        name = visible(place.path)
        title = translate("commands", "Open {0}").format(name)
        if place.line:
            title = translate("commands", "Open {0} at line {1}").format(name, place.line)
        return Command("open_place", title, "", lambda: self._open_place(place))

    def _open_place(self, place: TypedPlace) -> None:
        self.window.show_page("code")
        self.code.open(place.path, place.line)

    def _new(self) -> None:
        self.window.show_page("chat")
        self.chat.start_new()

    def _actions(self) -> dict[str, Callable[[], object]]:
        window, chat = self.window, self.chat
        return {
            "new_conversation": self._new,
            "command_palette": self.open_palette,
            "find_here": chat.view.find_bar.open,
            "find_everywhere": self._find_everywhere,
            "focus_composer": chat.focus_composer,
            "attach_files": chat.choose_files,
            "attach_folder": chat.choose_folder,
            "stop_answer": self._app.conversation_desk.stop,
            "toggle_list": lambda: self._change(list_shown=not self._app.preferences.list_shown),
            "show_chat": lambda: window.show_page("chat"),
            "show_code": lambda: window.show_page("code"),
            "open_code_file": self._open_code_file,
            "save_code_file": self.code.save,
            "find_defects": self.code.review,
            "write_tests": self.code.write_tests,
            "ask_about_code": self.code.ask,
            "code_actions": self.code.actions_of_code.open_menu,
            "show_models": lambda: window.show_page("models"),
            "show_settings": lambda: window.show_page("settings"),
            "zoom_in": lambda: self._zoom(1),
            "zoom_out": lambda: self._zoom(-1),
            "zoom_reset": lambda: self._change(zoom_percent=100),
            "scheme_light": lambda: self._change(scheme=Scheme.LIGHT),
            "scheme_dark": lambda: self._change(scheme=Scheme.DARK),
            "scheme_system": lambda: self._change(scheme=Scheme.SYSTEM),
            "export_conversation": chat.export_open,
            "export_all": lambda: chat.actions_of_chat.export(""),
            "import_conversations": self._choose_import,
            "show_report": self.open_report,
            "shortcut_sheet": self.open_shortcuts,
            "quit": window.close,
        }
