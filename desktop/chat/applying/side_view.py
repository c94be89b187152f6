"""Draws two texts side by side, with what differs in colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.appearance.look import Look
from desktop.chat.applying.side_by_side import Change, DiffRow, rows_of
from rpc.visible_text import visible

translate = QCoreApplication.translate


class SideView(QWidget):
    """The old text on the left, the new one on the right; they scroll together."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.old, self.new = self._side(), self._side()
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(look.theme.units(2))
        for title, view in (
            (translate("chat", "The file now"), self.old),
            (translate("chat", "With the code"), self.new),
        ):
            side = QVBoxLayout()
            label = QLabel(title)
            label.setObjectName("muted")
            view.setAccessibleName(title)
            side.addWidget(label)
            side.addWidget(view)
            sides.addLayout(side, 1)
        for one, other in ((self.old, self.new), (self.new, self.old)):
            one.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
            one.horizontalScrollBar().valueChanged.connect(other.horizontalScrollBar().setValue)

    def show_change(self, before: str, after: str) -> str:
        """Show both texts from the first difference on; return how many lines come and go."""
        rows = rows_of(before, after)
        added = sum(row.change in {Change.ADDED, Change.CHANGED} for row in rows)
        removed = sum(row.change in {Change.REMOVED, Change.CHANGED} for row in rows)
        self._fill(self.old, rows, is_old=True)
        self._fill(self.new, rows, is_old=False)
        first = next((at for at, row in enumerate(rows) if row.change is not Change.SAME), 0)
        self.new.verticalScrollBar().setValue(max(0, first - 3))
        return f"+{added}  −{removed}"

    def _side(self) -> QPlainTextEdit:
        view = QPlainTextEdit()
        view.setReadOnly(True)
        view.setFont(self._look.code_font())
        view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        return view

    def _fill(self, view: QPlainTextEdit, rows: Sequence[DiffRow], *, is_old: bool) -> None:
        width = len(str(len(rows)))
        lines = [
            _line(*((row.old_number, row.old) if is_old else (row.new_number, row.new)), width)
            for row in rows
        ]
        view.setPlainText("\n".join(lines))
        colours = self._look.theme.colours
        ground = {True: colours.removed, False: colours.added}[is_old]
        for at, row in enumerate(rows):
            if row.change is Change.SAME:
                continue
            has_line = row.old_number if is_old else row.new_number
            block = view.document().findBlockByNumber(at)
            cursor = QTextCursor(block)
            written = QTextBlockFormat()
            written.setBackground(QColor(ground if has_line else colours.sunken))
            cursor.setBlockFormat(written)


def _line(number: int, text: str, width: int) -> str:
    return f"{number or '':>{width}}  {visible(text)}"
