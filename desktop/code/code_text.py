"""The editor: code with grey text at the caret, marked defects, and the keys for both."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from desktop.appearance.look import Look
from desktop.chat.code_highlighter import CodeHighlighter
from desktop.code.ghost import Ghost
from desktop.code.line_numbers import LineNumbers
from desktop.code.marks import Marks
from rpc.text_units import utf16_units

_PARAGRAPH = "\u2029"
_INDENTATION = "    "
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_NONE = Qt.KeyboardModifier.NoModifier


class CodeText(QPlainTextEdit):
    """Shows and edits code.

    `edited` tells start, removed length and added text of each change, `rested` each caret that
    moved without one; `wanted` asks for a suggestion by hand, `unwanted` for none; `taken` tells
    what was taken of the grey text.
    """

    edited = Signal(int, int, str)
    rested = Signal(int)
    wanted = Signal()
    unwanted = Signal()
    taken = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor")
        self.setAccessibleName("Code")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._look = look
        self._highlighter = CodeHighlighter(self.document(), look.theme.colours)
        self._ghost: Ghost | None = None
        self.marks = Marks(self, look)
        self.numbers = LineNumbers(self, look)
        self._is_quiet = False
        self._version = self.document().revision()
        self.document().contentsChange.connect(self._tell_of_change)
        self.cursorPositionChanged.connect(self._caret_moved)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the look."""
        self.setFont(self._look.code_font())
        self.document().setDocumentMargin(self._look.theme.units(4))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._highlighter.set_colours(self._look.theme.colours)
        self.marks.draw()
        self.numbers.fit()

    def show_text(self, text: str, language: str) -> None:
        """Show another text; nothing is told of it."""
        self._is_quiet = True
        self.show_ghost(None)
        self.marks.set(())
        self._highlighter.set_language(language)
        self.setPlainText(text)
        self.document().setModified(False)
        self._is_quiet = False

    @property
    def text(self) -> str:
        """The whole text. Qt's own `toPlainText` makes ordinary blanks of unbreakable ones."""
        return self.document().toRawText().replace(_PARAGRAPH, "\n")

    @property
    def caret(self) -> int:
        """Where the caret is, in UTF-16 units."""
        return self.textCursor().position()

    @property
    def ghost(self) -> Ghost | None:
        """The grey text."""
        return self._ghost

    def show_ghost(self, ghost: Ghost | None) -> None:
        """Show grey text at the caret, or none."""
        fits = ghost is not None and ghost.place == self.caret and not self._has_selection
        self._ghost = ghost if fits else None
        self.viewport().update()

    def go_to(self, start: int, end: int | None = None) -> None:
        """Select a place and bring it into sight."""
        cursor = self.textCursor()
        last = max(0, self.document().characterCount() - 1)
        cursor.setPosition(min(start, last))
        if end is not None:
            cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    def replace(self, start: int, end: int, text: str) -> None:
        """Write `text` instead of a part; one step of undo."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)

    def take(self, part: str) -> None:
        """Write a beginning of the grey text."""
        ghost = self._ghost
        if ghost is None:
            return
        rest = ghost.typed(part)
        end = ghost.place + (ghost.replaced if rest is None else 0)
        self._ghost = None
        self.replace(ghost.place, end, part)
        self.show_ghost(rest)
        self.taken.emit(part)

    @property
    def _has_selection(self) -> bool:
        return self.textCursor().hasSelection()

    def _tell_of_change(self, start: int, removed: int, added: int) -> None:
        if self._is_quiet:
            return
        # Setting a format counts as a change of the same text; and Qt counts the last line's end.
        if self.document().revision() == self._version:
            return
        self._version = self.document().revision()
        length = self.document().characterCount() - 1
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(min(start + added, length), QTextCursor.MoveMode.KeepAnchor)
        text = cursor.selectedText().replace(_PARAGRAPH, "\n")
        removed -= max(0, start + added - length)
        ghost, self._ghost = self._ghost, None
        if ghost is not None and removed == 0 and start == ghost.place:
            self._ghost = ghost.typed(text)
        self.marks.follow(start, removed, utf16_units(text))
        self.edited.emit(start, removed, text)

    def _caret_moved(self) -> None:
        if self._ghost is not None and self._ghost.place != self.caret:
            self.show_ghost(None)
        if not self._is_quiet:
            self.rested.emit(self.caret)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's own name
        """Take or leave grey text; else type."""
        action = self._action_of(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()
            event.accept()

    def event(self, event: QEvent) -> bool:
        """Let Tab reach the text, and show what a mark says."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            return self._show_tooltip(event)
        return super().event(event)

    def _action_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Return what a key does here that it does not do in every editor."""
        pressed = (event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        if self._ghost is not None and pressed in _GHOST_KEYS:
            return partial(_GHOST_KEYS[pressed], self, self._ghost)
        if pressed == (Qt.Key.Key_Backslash, _ALT):
            return self.wanted.emit
        if pressed == (Qt.Key.Key_Tab, _NONE) and not self._has_selection:
            return partial(self.insertPlainText, _INDENTATION)
        if pressed in {(Qt.Key.Key_Return, _NONE), (Qt.Key.Key_Enter, _NONE)}:
            return self._new_line
        return None

    def _take_all(self, ghost: Ghost) -> None:
        self.take(ghost.text)

    def _take_word(self, ghost: Ghost) -> None:
        self.take(ghost.word())

    def _take_line(self, ghost: Ghost) -> None:
        self.take(ghost.line())

    def _show_next(self, ghost: Ghost) -> None:
        self.show_ghost(ghost.next(1))

    def _show_last(self, ghost: Ghost) -> None:
        self.show_ghost(ghost.next(-1))

    def _dismiss(self, ghost: Ghost) -> None:
        del ghost
        self.show_ghost(None)
        self.unwanted.emit()

    def _new_line(self) -> None:
        """Begin a line as deep as this one, deeper behind what opens a block."""
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        indentation = line[: len(line) - len(line.lstrip())]
        if line.rstrip().endswith((":", "{", "(", "[")):
            indentation += _INDENTATION
        cursor.insertText("\n" + indentation)
        self.ensureCursorVisible()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        """Draw the text, then the grey text over it."""
        super().paintEvent(event)
        ghost = self._ghost
        if ghost is None or self.isReadOnly():
            return
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        caret = self.cursorRect()
        first, *further = ghost.lines
        colours = self._look.theme.colours
        if first:
            self._draw_line(painter, first, QPoint(caret.left() + 1, caret.top()), caret.height())
        height = self.fontMetrics().lineSpacing()
        left = round(self.contentOffset().x() + self.document().documentMargin())
        for number, line in enumerate(further, 1):
            top = caret.top() + number * height
            whole = QRect(0, top, self.viewport().width(), height)
            painter.fillRect(whole, QColor(colours.ground))
            self._draw_line(painter, line, QPoint(left, top), height)

    def _draw_line(self, painter: QPainter, text: str, place: QPoint, height: int) -> None:
        shown = text.expandtabs(4)
        width = self.fontMetrics().horizontalAdvance(shown)
        area = QRect(place.x(), place.y(), width, height)
        colours = self._look.theme.colours
        painter.fillRect(area, QColor(colours.ground))
        painter.setPen(QColor(colours.faint))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _show_tooltip(self, event: QHelpEvent) -> bool:
        place = self.cursorForPosition(event.pos()).position()
        texts = [mark.text for mark in self.marks.at(place)]
        if texts:
            QToolTip.showText(event.globalPos(), "\n".join(texts), self)
        else:
            QToolTip.hideText()
        return True


_GHOST_KEYS: dict[tuple[int, Qt.KeyboardModifier], Callable[[CodeText, Ghost], None]] = {
    (Qt.Key.Key_Tab, _NONE): CodeText._take_all,
    (Qt.Key.Key_Right, _CONTROL): CodeText._take_word,
    (Qt.Key.Key_Right, _CONTROL | _ALT): CodeText._take_line,
    (Qt.Key.Key_BracketRight, _ALT): CodeText._show_next,
    (Qt.Key.Key_BracketLeft, _ALT): CodeText._show_last,
    (Qt.Key.Key_Escape, _NONE): CodeText._dismiss,
}


def find_units(document: QTextDocument, line: int, column: int) -> int:
    """Return the place of a line and a column, both from 1, columns in characters."""
    block = document.findBlockByNumber(line - 1)
    if not block.isValid():
        return max(0, document.characterCount() - 1)
    before = block.text()[: column - 1]
    return block.position() + utf16_units(before)
