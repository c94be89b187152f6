"""Does what messages and code blocks offer: save, open, apply with undo, export, links."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop.appearance.look import Look
from desktop.appearance.toast import Toast
from desktop.background.jobs import Background
from desktop.chat.applying.diff_dialog import DiffDialog
from desktop.chat.applying.file_edit import (
    FileEdit,
    OpenFile,
    apply_edit,
    open_file,
    undo_edit,
)
from desktop.chat.code_files import ask_about_link, ending_of, open_as_file, save_text
from rpc.client import Limpet
from rpc.conversation_records import ExportFormat, ImportCount, KeptAttachment, Message
from rpc.failures import DocumentProblem
from rpc.visible_text import visible

translate = QCoreApplication.translate
_PIECE_BYTES = 1 << 20


class ChatActions(QObject):
    """Works on files beside the window, and tells what became of it in the toast."""

    failed = Signal(object)
    imported = Signal(object)
    diff_shown = Signal(object)

    def __init__(self, look: Look, background: Background, toast: Toast, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._background = background
        self._toast = toast
        self._window = window

    def follow_link(self, address: str) -> None:
        """Ask about a link."""
        ask_about_link(self._window, address)

    def save_code(self, text: str, language: str) -> None:
        """Save code under a name that the user chooses."""
        content = text.encode("utf-8", "surrogatepass")
        name = f"answer{ending_of(language)}"
        save_text(self._window, name, content, self._tell_saved, self.failed.emit)

    def save_message(self, message: Message) -> None:
        """Save a message as it was written."""
        name = "message.md"
        save_text(self._window, name, message.content, self._tell_saved, self.failed.emit)

    def open_code(self, text: str, language: str) -> None:
        """Open code as a file of its own."""
        self._background.run(
            lambda: open_as_file(text, language), self._tell_saved, self.failed.emit
        )

    def apply(self, code: str, attachments: tuple[KeptAttachment, ...]) -> None:
        """Show what a file would become with the code; with several files, ask for which."""
        files = {each.path: each for each in attachments if PurePath(each.path).is_absolute()}
        if len(files) == 1:
            self._open_diff(code, *files.values())
        elif files:
            menu = QMenu(self._window)
            for each in files.values():
                menu.addAction(
                    visible(PurePath(each.path).name),
                    partial(self._open_diff, code, each),
                )
            menu.popup(self._window.cursor().pos())

    def export(self, conversation: str) -> None:
        """Write a conversation to a file: Markdown for reading, JSON to be imported again."""
        dialog = QFileDialog(self._window, translate("chat", "Export"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Markdown (*.md)", "JSON (*.json)"])
        dialog.selectFile("conversation.md")

        def write(path: str) -> None:
            is_json = path.endswith(".json") or "json" in dialog.selectedNameFilter()
            form = ExportFormat.JSON if is_json else ExportFormat.MARKDOWN
            self.export_to(conversation, path, form)

        dialog.fileSelected.connect(write)
        dialog.open()

    def export_to(self, conversation: str, path: str, form: ExportFormat) -> None:
        """Write a conversation, or all with an empty name, to this file."""
        chosen = (conversation,) if conversation else ()

        def work(limpet: Limpet) -> str:
            try:
                with open(path, "wb") as file:  # noqa: PTH123 - the dialog gives a string
                    file.writelines(limpet.conversations.files.export(chosen, form))
            except OSError as error:
                raise DocumentProblem(f"{path} cannot be written: {error.strerror}.") from error
            return path

        self._background.call(work, self._tell_saved, self.failed.emit)

    def import_from(self, path: str) -> None:
        """Take exported conversations in; what is here already is kept once."""

        def work(limpet: Limpet) -> ImportCount:
            try:
                with open(path, "rb") as file:  # noqa: PTH123 - the dialog gives a string
                    pieces = iter(lambda: file.read(_PIECE_BYTES), b"")
                    return limpet.conversations.files.import_pieces(pieces)
            except OSError as error:
                raise DocumentProblem(f"{path} cannot be read: {error.strerror}.") from error

        def done(count: ImportCount) -> None:
            self._toast.tell(
                translate("chat", "{0} conversations were imported.").format(
                    count.conversations_added
                )
            )
            self.imported.emit(count)

        self._background.call(work, done, self.failed.emit)

    def _open_diff(self, code: str, attachment: KeptAttachment) -> None:
        lines = (attachment.first_line, attachment.last_line)

        def show(opened: OpenFile) -> None:
            dialog = DiffDialog(self._look, opened, code, lines, self._window)
            dialog.agreed.connect(self._make_edit)
            dialog.open()
            self.diff_shown.emit(dialog)

        self._background.run(lambda: open_file(attachment.path), show, self.failed.emit)

    def _make_edit(self, edit: FileEdit) -> None:
        def done(_: None) -> None:
            self._toast.tell(
                translate("chat", "Applied to {0}.").format(visible(PurePath(edit.path).name)),
                translate("chat", "Undo"),
                lambda: self._undo(edit),
            )

        self._background.run(lambda: apply_edit(edit), done, self.failed.emit)

    def _undo(self, edit: FileEdit) -> None:
        def done(_: None) -> None:
            name = visible(PurePath(edit.path).name)
            self._toast.tell(translate("chat", "{0} is as it was.").format(name))

        self._background.run(lambda: undo_edit(edit), done, self.failed.emit)

    def _tell_saved(self, path: str) -> None:
        self._toast.tell(translate("chat", "Saved as {0}").format(visible(path)))
