"""Shows a segment of code: a header with what can be done with it, and the code without wraps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QTextCursor, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.appearance.buttons import IconButton
from desktop.appearance.look import Look
from desktop.chat.code_highlighter import CodeHighlighter
from desktop.chat.segments import Segment, SegmentKind
from rpc.visible_text import visible

translate = QCoreApplication.translate
# Higher code scrolls inside its block.
_MOST_LINES = 400
_LONGEST_LINE = 2_000
_MOST_INFO = 100
_COPIED_MILLISECONDS = 1500


class CodeBlock(QFrame):
    """One segment of code, or of text that is shown as it is written."""

    save_wanted = Signal(str, str)
    open_wanted = Signal(str, str)
    apply_wanted = Signal(str)

    def __init__(self, look: Look, kind: SegmentKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codeBlock")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self._kind = kind
        self._segment = Segment(kind, "")
        self._shown = ""
        self._view = _CodeView(self)
        self._highlighter = CodeHighlighter(self._view.document(), look.theme.colours)
        self._language = QLabel()
        self._language.setObjectName("codeLanguage")
        self._buttons: dict[str, IconButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self._view)
        self.restyle()

    @property
    def source(self) -> str:
        """The code as it was written."""
        return self._segment.text

    @property
    def heading(self) -> str:
        """What stands above the code: its language, with what else the fence says."""
        return self._language.text()

    @property
    def view(self) -> QPlainTextEdit:
        """The widget that shows the code."""
        return self._view

    def show_segment(self, segment: Segment) -> None:
        """Show this segment; one that only grew costs what was added."""
        if segment == self._segment and self._shown:
            return
        if segment.info != self._segment.info:
            self._language.setText(visible(segment.info)[:_MOST_INFO] or translate("chat", "text"))
            self._highlighter.set_language(segment.language)
        self._segment = segment
        shown = _displayed(segment.text)
        if shown.startswith(self._shown):
            cursor = QTextCursor(self._view.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(shown[len(self._shown) :])
        else:
            self._view.setPlainText(shown)
        self._shown = shown
        self._fit()

    def seal(self) -> None:
        """Take note that the code is whole."""
        if self._kind is SegmentKind.CODE:
            self._highlighter.seal()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self._view.setFont(self._look.code_font())
        self._view.document().setDocumentMargin(self._look.theme.units(3))
        self._highlighter.set_colours(self._look.theme.colours)
        self._fit()

    def set_can_apply(self, can_apply: bool) -> None:
        """Offer to apply the code where a file is attached."""
        self._buttons["apply"].setVisible(can_apply)

    def copy(self) -> None:
        """Put the code on the clipboard, and show for a moment that it is there."""
        QGuiApplication.clipboard().setText(self._segment.text)
        button = self._buttons["copy"]
        button.set_icon("check", "accent")
        QTimer.singleShot(_COPIED_MILLISECONDS, button, partial(button.set_icon, "copy", "muted"))

    def _header(self) -> QWidget:
        header = QWidget()
        header.setObjectName("codeHeader")
        row = QHBoxLayout(header)
        unit = self._look.theme.units
        row.setContentsMargins(unit(3), unit(0.5), unit(1.5), unit(0.5))
        row.setSpacing(unit(0.5))
        row.addWidget(self._language)
        row.addStretch(1)
        segment: Callable[[], Segment] = lambda: self._segment  # noqa: E731 - read at the press
        actions: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (
                "apply",
                translate("chat", "Apply to the attached file…"),
                lambda: self.apply_wanted.emit(segment().text),
            ),
            (
                "open",
                translate("chat", "Open as a file"),
                lambda: self.open_wanted.emit(segment().text, segment().language),
            ),
            (
                "save",
                translate("chat", "Save as…"),
                lambda: self.save_wanted.emit(segment().text, segment().language),
            ),
            ("copy", translate("chat", "Copy the code"), self.copy),
        )
        for icon, name, action in actions:
            self._buttons[icon] = IconButton(self._look, icon, name, action, pixels=16)
            row.addWidget(self._buttons[icon])
        self._buttons["apply"].hide()
        return header

    def _fit(self) -> None:
        lines = min(self._view.document().blockCount(), _MOST_LINES)
        metrics = self._view.fontMetrics()
        margin = 2 * self._look.theme.units(3)
        bar = self._view.horizontalScrollBar().sizeHint().height()
        self._view.setFixedHeight(lines * metrics.lineSpacing() + margin + bar // 2)
        self._view.set_scrolls(self._view.document().blockCount() > _MOST_LINES)


class _CodeView(QPlainTextEdit):
    """Read-only code; the conversation around it scrolls."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.takes_wheel = False
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(translate("chat", "Code"))
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def set_scrolls(self, scrolls: bool) -> None:
        """Scroll here as well where the code is higher than its view."""
        self.takes_wheel = scrolls
        policies = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policies.ScrollBarAsNeeded if scrolls else policies.ScrollBarAlwaysOff
        )

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's own name
        """Scroll sideways here, up and down in the conversation."""
        is_sideways = abs(event.angleDelta().x()) > abs(event.angleDelta().y())
        if self.takes_wheel or is_sideways:
            super().wheelEvent(event)
        else:
            event.ignore()


def _displayed(text: str) -> str:
    """Return the text with hidden characters written out and endless lines in pieces.

    Qt lays a line out as a whole, so that one of a megabyte would freeze the window.
    """
    shown = visible(text)
    if len(shown) <= _LONGEST_LINE:
        return shown
    return "\n".join(
        piece
        for line in shown.split("\n")
        for piece in (
            [line[at : at + _LONGEST_LINE] for at in range(0, len(line), _LONGEST_LINE)]
            if len(line) > _LONGEST_LINE
            else [line]
        )
    )
