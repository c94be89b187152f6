"""Asks before something is lost or run: unsaved changes, and a project's code."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from rpc.visible_text import visible

translate = QCoreApplication.translate


def ask_to_save(
    parent: QWidget, name: str, save: Callable[[], bool], then: Callable[[], object]
) -> None:
    """Ask what becomes of a file's changes; `then` comes once they are saved or given up."""
    box = _box(
        parent,
        translate("code", "Unsaved changes"),
        translate("code", "{0} has changes that are not saved.").format(visible(name)),
    )
    saving = box.addButton(translate("code", "Save"), QMessageBox.ButtonRole.AcceptRole)
    leaving = box.addButton(translate("code", "Discard"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))

    def clicked(button: object) -> None:
        if button is leaving or (button is saving and save()):
            then()

    box.buttonClicked.connect(clicked)
    box.open()


def ask_for_consent(parent: QWidget, project: str, allowed: Callable[[], object]) -> None:
    """Ask whether a project's code may be run."""
    box = _box(
        parent,
        translate("code", "Run this project's code?"),
        translate("code", "Writing tests runs code of {0} in a sandbox without network.").format(
            visible(project)
        ),
    )
    allow = box.addButton(translate("code", "Run it"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.buttonClicked.connect(lambda button: allowed() if button is allow else None)
    box.open()


def _box(parent: QWidget, title: str, text: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setText(text)
    return box
