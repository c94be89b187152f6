"""Places of an edited text that are underlined, and that stay with their code while it moves."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from desktop.appearance.look import Look


class Mark(msgspec.Struct, frozen=True):
    """A place in UTF-16 units; `colour` is a role of the theme, `text` what its tooltip says."""

    start: int
    end: int
    colour: str
    text: str
    key: str = ""


class Marks:
    """The marks of one editor."""

    def __init__(self, editor: QPlainTextEdit, look: Look) -> None:
        self._editor = editor
        self._look = look
        self._marks: tuple[Mark, ...] = ()

    @property
    def all(self) -> tuple[Mark, ...]:
        """The marks, where they are now."""
        return self._marks

    def set(self, marks: Sequence[Mark]) -> None:
        """Underline these places and no others."""
        self._marks = tuple(marks)
        self.draw()

    def at(self, place: int) -> list[Mark]:
        """Return the marks at a place."""
        return [mark for mark in self._marks if mark.start <= place <= mark.end]

    def follow(self, start: int, removed: int, added: int) -> None:
        """Move with an edit; one inside a mark takes it away."""
        moved = []
        for mark in self._marks:
            if mark.end <= start:
                moved.append(mark)
            elif mark.start >= start + removed:
                by = added - removed
                place = {"start": mark.start + by, "end": mark.end + by}
                moved.append(msgspec.structs.replace(mark, **place))
        if tuple(moved) != self._marks:
            self.set(moved)

    def draw(self) -> None:
        """Underline in the theme's colours."""
        document = self._editor.document()
        last = max(0, document.characterCount() - 1)
        drawn = []
        for mark in self._marks:
            cursor = QTextCursor(document)
            cursor.setPosition(min(mark.start, last))
            cursor.setPosition(min(mark.end, last), QTextCursor.MoveMode.KeepAnchor)
            written = QTextCharFormat()
            written.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            written.setUnderlineColor(QColor(getattr(self._look.theme.colours, mark.colour)))
            selection = QTextEdit.ExtraSelection()
            selection.cursor = cursor
            selection.format = written
            drawn.append(selection)
        self._editor.setExtraSelections(drawn)
