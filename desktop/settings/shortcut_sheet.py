"""The sheet of keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.appearance.look import Look
from desktop.settings.commands import Command

translate = QCoreApplication.translate


class ShortcutSheet(QDialog):
    """All keys in two columns; Esc closes it."""

    def __init__(self, look: Look, commands: tuple[Command, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("commands", "Keys"))
        unit = look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(6), unit(5), unit(6), unit(6))
        column.setSpacing(unit(4))
        heading = QLabel(translate("commands", "Keys"))
        heading.setObjectName("heading")
        column.addWidget(heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(unit(4))
        grid.setVerticalSpacing(unit(2))
        rows = [(each.title, each.keys) for each in commands if each.keys] + _in_the_composer()
        half = (len(rows) + 1) // 2
        for number, (title, keys) in enumerate(rows):
            side = 2 * (number // half)
            label = QLabel(keys)
            label.setObjectName("keys")
            grid.addWidget(QLabel(title), number % half, side)
            grid.addWidget(label, number % half, side + 1, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)


def _in_the_composer() -> list[tuple[str, str]]:
    return [
        (translate("commands", "Send"), "Enter"),
        (translate("commands", "New line"), "Shift+Enter"),
        (translate("commands", "Stop, or stop editing"), "Esc"),
        (translate("commands", "Recall what was sent"), "↑"),
        (translate("commands", "Rename a conversation in the list"), "F2"),
        (translate("commands", "Delete a conversation in the list"), "Del"),
    ]
