"""What can be done with code of an answer outside the window: saved, opened, a link followed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from rpc.failures import DocumentProblem
from rpc.visible_text import visible

translate = QCoreApplication.translate


def ending_of(language: str) -> str:
    """Return the usual ending of a file in this language, with its dot."""
    try:
        patterns = get_lexer_by_name(language).filenames if language else []
    except ClassNotFound:
        patterns = []
    return next(
        (each[1:] for each in patterns if each.startswith("*.") and "[" not in each), ".txt"
    )


def save_text(
    parent: QWidget,
    name: str,
    text: bytes,
    saved: Callable[[str], object],
    failed: Callable[[DocumentProblem], object],
) -> QFileDialog:
    """Ask for a place and write the text there; `saved` gets the path, or `failed` the problem."""
    dialog = QFileDialog(parent, translate("chat", "Save as"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)

    def write(path: str) -> None:
        try:
            Path(path).write_bytes(text)
        except OSError as error:
            failed(DocumentProblem(f"{path} cannot be written: {error.strerror}."))
        else:
            saved(path)

    dialog.fileSelected.connect(write)
    dialog.open()
    return dialog


def open_as_file(text: str, language: str) -> str:
    """Write code to a new file of the user's own and open it as the system does; return its path.

    Raises DocumentProblem.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="limpet-code-"))
        path = folder / f"answer{ending_of(language)}"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise DocumentProblem(f"The code cannot be written: {error.strerror}.") from error
    # As text: a program of the system must not run what a model wrote.
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
    return str(path)


def ask_about_link(parent: QWidget, address: str) -> QMessageBox:
    """Show where a link leads, as a browser would ask for it, and open it only on demand."""
    encoded = bytes(QUrl(address).toEncoded().data()).decode("ascii", "replace")
    box = QMessageBox(parent)
    box.setWindowTitle(translate("chat", "Open a link"))
    box.setText(translate("chat", "The model wrote this link. Open it in the browser?"))
    box.setInformativeText(visible(encoded))
    open_button = box.addButton(translate("chat", "Open"), QMessageBox.ButtonRole.AcceptRole)
    copy_button = box.addButton(
        translate("chat", "Copy the address"), QMessageBox.ButtonRole.ActionRole
    )
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))

    def clicked(button: object) -> None:
        if button is open_button:
            QDesktopServices.openUrl(QUrl(address))
        elif button is copy_button:
            QGuiApplication.clipboard().setText(encoded)

    box.buttonClicked.connect(clicked)
    box.open()
    return box
