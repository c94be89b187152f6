"""Shows an edit of the open text side by side before it is made."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.chat.applying.side_view import SideView
from rpc.visible_text import visible

translate = QCoreApplication.translate


class EditDialog(QDialog):
    """`accepted` means that the user has agreed."""

    def __init__(
        self, look: Look, title: str, before: str, after: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(visible(title))
        unit = look.theme.units
        self.resize(unit(260), unit(160))
        self.sides = SideView(look)
        counts = QLabel(self.sides.show_change(before, after))
        counts.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(4), unit(4), unit(4), unit(4))
        column.setSpacing(unit(3))
        column.addWidget(counts, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.sides, 1)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(text_button(translate("chat", "Cancel"), self.reject))
        apply = text_button(translate("chat", "Apply"), self.accept, kind="primary")
        apply.setDefault(True)
        below.addWidget(apply)
        column.addLayout(below)
