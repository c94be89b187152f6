"""What an empty conversation shows: a word of welcome and some beginnings."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look

translate = QCoreApplication.translate


class Greeting(QWidget):
    """A mark, a line, and buttons that put the beginning of a question into the composer."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        unit = look.theme.units
        column = QVBoxLayout(self)
        column.setSpacing(unit(3))
        column.addStretch(3)
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._mark)
        title = QLabel(translate("chat", "What are you working on?"))
        title.setObjectName("display")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(title)
        line = QLabel(translate("chat", "The model runs on this machine. Your code stays here."))
        line.setObjectName("muted")
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(line)
        self._slot = QVBoxLayout()
        column.addLayout(self._slot)
        row = QHBoxLayout()
        row.setSpacing(unit(2))
        row.addStretch(1)
        for words, beginning in _beginnings():
            row.addWidget(text_button(words, partial(self.picked.emit, beginning), kind="soft"))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(4)
        look.changed.connect(self._draw)
        self._draw()

    def offer(self, widget: QWidget) -> None:
        """Put a widget under the welcome, such as the offer of a first model."""
        self._slot.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def _draw(self) -> None:
        side = self._look.theme.units(11)
        self._mark.setPixmap(self._look.icons.icon("limpet", "accent", 44).pixmap(side, side))


def _beginnings() -> tuple[tuple[str, str], ...]:
    return (
        (
            translate("chat", "Explain code"),
            translate("chat", "Explain step by step what this code does:\n\n"),
        ),
        (
            translate("chat", "Find the mistake"),
            translate("chat", "This does not work as it should. What is wrong?\n\n"),
        ),
        (
            translate("chat", "Write a function"),
            translate("chat", "Write a function in Python that "),
        ),
    )
