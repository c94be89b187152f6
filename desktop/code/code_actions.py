"""Offers the engine's actions on the selected code, and makes the edits that the user agrees to."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from desktop.appearance.look import Look
from desktop.background.jobs import Background
from desktop.code.action_panel import ActionPanel
from desktop.code.actions_desk import ActionsDesk
from desktop.code.code_text import CodeText
from desktop.code.edit_dialog import EditDialog
from desktop.code.surroundings import language_of_path, project_of, units_before
from rpc.actions import ActionKind, CodeAction, CodeSelection, EditFinished
from rpc.visible_text import visible

translate = QCoreApplication.translate


class CodeActions(QObject):
    """`panel_wanted` asks for the panel to be shown; `told` brings a sentence for the user."""

    panel_wanted = Signal()
    told = Signal(str)
    edit_shown = Signal(object)

    def __init__(
        self, look: Look, background: Background, text: CodeText, language: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._text = text
        self._language = language
        self._window = parent
        self._path = ""
        self._asked_about = ""
        self._title = ""
        self.desk = ActionsDesk(background, self)
        self.panel = ActionPanel(look, self.desk)
        self.desk.edited.connect(self._show_edit)
        text.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        text.customContextMenuRequested.connect(self._open_context_menu)

    def open(self, path: str) -> None:
        """Take note of the open file."""
        self.desk.stop()
        self._path = path
        if not self.desk.actions:
            self.desk.read_list()

    def fill(self, menu: QMenu) -> None:
        """Put the actions into a menu."""
        for action in self.desk.actions:
            title = action.titles.get(self._language) or action.titles.get("en", action.name)
            menu.addAction(visible(title), partial(self.begin, action))

    def open_menu(self) -> QMenu:
        """Show the actions at the caret."""
        menu = QMenu(self._text)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill(menu)
        place = self._text.cursorRect().bottomLeft()
        menu.popup(self._text.viewport().mapToGlobal(place))
        return menu

    def begin(self, action: CodeAction) -> None:
        """Do an action to the selection, or to what stands around the caret."""
        if not self._path:
            return
        if not action.needs_instruction:
            self._ask(action, "")
            return
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self._title_of(action))
        dialog.setLabelText(translate("code", "What should change?"))
        dialog.textValueSelected.connect(
            lambda words: self._ask(action, words) if words.strip() else None
        )
        dialog.open()

    def _ask(self, action: CodeAction, instruction: str) -> None:
        text = self._text.text
        cursor = self._text.textCursor()
        start, end = (
            _bytes_before(text, place) for place in (cursor.selectionStart(), cursor.selectionEnd())
        )
        selection = CodeSelection(self._path, text.encode("utf-8", "replace"), start, end)
        self._asked_about, self._title = text, self._title_of(action)
        is_code = action.kind is ActionKind.EDIT
        self.desk.begin(
            action,
            selection,
            instruction=instruction,
            project_folder=project_of(self._path),
            language=self._language,
        )
        self.panel.begin(self._title, language_of_path(self._path), is_code=is_code)
        self.panel_wanted.emit()

    def _title_of(self, action: CodeAction) -> str:
        return action.titles.get(self._language) or action.titles.get("en", action.name)

    def _show_edit(self, edit: EditFinished) -> None:
        if not edit.changes:
            self.told.emit(translate("code", "The model would change nothing here."))
            return
        before = self._asked_about
        after = edit.applied_to(before.encode("utf-8", "replace")).decode("utf-8", "replace")
        dialog = EditDialog(self._look, self._title, before, after, self._window)
        dialog.accepted.connect(partial(self._make_edit, before, edit))
        dialog.open()
        self.edit_shown.emit(dialog)

    def _make_edit(self, before: str, edit: EditFinished) -> None:
        """Write the edit into the text; Ctrl+Z takes it back."""
        if self._text.text != before:
            self.told.emit(
                translate("code", "The code was changed meanwhile, so it is left as it is.")
            )
            return
        text = before.encode("utf-8", "replace")
        start, end = (units_before(text, place) for place in (edit.start, edit.end))
        self._text.replace(start, end, edit.new_text.decode("utf-8", "replace"))

    def _open_context_menu(self, place: QPoint) -> None:
        menu = self._text.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._path and self.desk.actions:
            menu.addSeparator()
            self.fill(menu)
        menu.popup(self._text.viewport().mapToGlobal(place))


def _bytes_before(text: str, units: int) -> int:
    """Return how many bytes of UTF-8 the first UTF-16 units of a text are."""
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return len(before.decode("utf-16-le", "replace").encode("utf-8", "replace"))
