"""Finds text in the open conversation, and goes from one place to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from desktop.appearance.buttons import IconButton
from desktop.appearance.look import Look
from desktop.chat.code_block import CodeBlock
from desktop.chat.message_card import MessageCard
from desktop.chat.prose_block import ProseBlock

translate = QCoreApplication.translate
Place = tuple[ProseBlock | QPlainTextEdit, QTextCursor]


class FindBar(QFrame):
    """A field and two buttons above the messages; Esc closes it."""

    closed = Signal()
    reveal_wanted = Signal(object, object)

    def __init__(
        self,
        look: Look,
        cards: Callable[[], tuple[MessageCard, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._cards = cards
        self._places: list[Place] = []
        self._at = -1
        self.field = QLineEdit()
        self.field.setPlaceholderText(translate("chat", "Find in the messages that are shown"))
        self.field.setAccessibleName(self.field.placeholderText())
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(lambda: self.step(1))
        self.count = QLabel()
        self.count.setObjectName("muted")
        unit = look.theme.units
        row = QHBoxLayout(self)
        row.setContentsMargins(unit(4), unit(2), unit(4), unit(1))
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for icon, name, action in (
            ("left", translate("chat", "The place before"), lambda: self.step(-1)),
            ("right", translate("chat", "The next place"), lambda: self.step(1)),
            ("close", translate("chat", "Stop finding"), self.close_bar),
        ):
            row.addWidget(IconButton(look, icon, name, action, pixels=16))
        self.hide()

    def open(self) -> None:
        """Show the bar and type into it."""
        self.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search(self.field.text())

    def close_bar(self) -> None:
        """Hide the bar."""
        self.hide()
        self.closed.emit()

    def step(self, by: int) -> None:
        """Go to another place."""
        if not self._places:
            return
        self._at = (self._at + by) % len(self._places)
        widget, cursor = self._places[self._at]
        widget.setTextCursor(cursor)
        self.count.setText(f"{self._at + 1}/{len(self._places)}")
        self.reveal_wanted.emit(widget, widget.cursorRect(cursor))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's own name
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _search(self, text: str) -> None:
        self._places = list(self._found(text)) if text else []
        self._at = -1
        self.count.setText(f"0/{len(self._places)}" if text else "")
        self.step(1)

    def _found(self, text: str) -> Iterator[Place]:
        for card in self._cards():
            for block in card.body.blocks:
                widget = block.view if isinstance(block, CodeBlock) else block
                cursor = widget.document().find(text, 0)
                while not cursor.isNull():
                    yield widget, cursor
                    cursor = widget.document().find(text, cursor)
