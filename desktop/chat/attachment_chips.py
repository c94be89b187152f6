"""The files that will go with a question, as chips that can be taken off."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop.appearance.buttons import IconButton
from desktop.appearance.flow_layout import FlowLayout
from desktop.appearance.look import Look
from rpc.chat import Attachment
from rpc.visible_text import visible

translate = QCoreApplication.translate


def chip_text(path: str, first_line: int = 0, last_line: int = 0) -> str:
    """Return an attachment's short name: its file, and the lines where it is not whole."""
    name = PurePath(path).name or path
    if not first_line:
        return name
    lines = str(first_line) if first_line == last_line else f"{first_line}-{last_line}"
    return f"{name}:{lines}"


class AttachmentChips(QWidget):
    """Chips, in rows where there are many."""

    removed = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._flow = FlowLayout(self, look.theme.units(1.5))
        self.setAccessibleName(translate("chat", "Attached files"))
        self.hide()

    def show_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        """Show these."""
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, attachment in enumerate(attachments):
            self._flow.addWidget(self._chip(number, attachment))
        self.setVisible(bool(attachments))
        self.updateGeometry()

    def _chip(self, number: int, attachment: Attachment) -> QWidget:
        unit = self._look.theme.units
        chip = QFrame()
        chip.setObjectName("chip")
        chip.setToolTip(visible(attachment.path))
        row = QHBoxLayout(chip)
        row.setContentsMargins(unit(2), unit(0.5), unit(1), unit(0.5))
        row.setSpacing(unit(1))
        icon = QLabel()
        icon.setPixmap(self._look.icons.icon("file", "muted", 14).pixmap(unit(3.5), unit(3.5)))
        row.addWidget(icon)
        name = chip_text(attachment.path, attachment.first_line, attachment.last_line)
        row.addWidget(QLabel(visible(name)))
        remove = translate("chat", "Take off {0}").format(visible(name))
        row.addWidget(
            IconButton(self._look, "close", remove, lambda: self.removed.emit(number), pixels=12)
        )
        return chip
