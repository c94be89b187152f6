"""Draws the numbers of lines beside code."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.appearance.look import Look

_FEWEST_DIGITS = 3


class LineNumbers(QWidget):
    """A strip at the left of an editor, as wide as the last line's number asks for."""

    def __init__(self, editor: QPlainTextEdit, look: Look) -> None:
        super().__init__(editor)
        self._editor = editor
        self._look = look
        self.setAccessibleName(QCoreApplication.translate("code", "Line numbers"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        editor.installEventFilter(self)
        editor.blockCountChanged.connect(lambda _: self.fit())
        editor.updateRequest.connect(lambda _area, _moved: self.update())
        editor.cursorPositionChanged.connect(self.update)
        self.fit()

    def fit(self) -> None:
        """Take the width and the place that the lines and the font ask for."""
        digits = max(_FEWEST_DIGITS, len(str(self._editor.blockCount())))
        unit = self._look.theme.units
        width = self._editor.fontMetrics().horizontalAdvance("9") * digits + unit(5)
        self._editor.setViewportMargins(width, 0, 0, 0)
        inside = self._editor.contentsRect()
        self.setGeometry(QRect(inside.left(), inside.top(), width, inside.height()))
        self.update()

    def shown(self) -> list[tuple[int, int]]:
        """Return the numbers in sight and where each line begins, in pixels from above."""
        editor = self._editor
        block = editor.firstVisibleBlock()
        top = editor.blockBoundingGeometry(block).translated(editor.contentOffset()).top()
        found: list[tuple[int, int]] = []
        while block.isValid() and top < self.height():
            found.append((block.blockNumber() + 1, round(top)))
            top += editor.blockBoundingRect(block).height()
            block = block.next()
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        """Follow the editor's size and font."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.FontChange}:
            self.fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        """Draw the numbers, the caret's line stronger."""
        del event  # the strip is narrow, and drawn whole
        painter = QPainter(self)
        painter.setFont(self._editor.font())
        colours = self._look.theme.colours
        here = self._editor.textCursor().blockNumber() + 1
        height = self._editor.fontMetrics().lineSpacing()
        width = self.width() - self._look.theme.units(2)
        for number, top in self.shown():
            painter.setPen(QColor(colours.text if number == here else colours.faint))
            area = QRect(0, top, width, height)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight, str(number))
