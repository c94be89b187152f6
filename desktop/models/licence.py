"""Asks for consent to a model's licence where the licence wants that."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from rpc.models import ModelCard
from rpc.visible_text import visible

translate = QCoreApplication.translate


def ask_for_licence(
    parent: QWidget, card: ModelCard, accepted: Callable[[], object]
) -> QMessageBox:
    """Show the licence's name and address; `accepted` is called once the user agrees."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(translate("models", "Licence"))
    box.setText(
        translate("models", "{0} is under the licence {1}.").format(
            visible(card.title), visible(card.licence)
        )
    )
    box.setInformativeText(
        translate("models", "Read it before you accept: {0}").format(visible(card.licence_url))
    )
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    accept = box.addButton(
        translate("models", "Accept and download"), QMessageBox.ButtonRole.AcceptRole
    )
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.buttonClicked.connect(lambda button: accepted() if button is accept else None)
    box.open()
    return box
