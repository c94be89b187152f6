"""The field of the composer: it grows with its text, and Enter sends."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QMimeData, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from desktop.appearance.look import Look

translate = QCoreApplication.translate
_MOST_LINES = 12
# A longer paste is attached as a file: the field would become slow, and nobody reads it there.
_LONG_PASTE = 20_000
_LARGEST_PASTE_BYTES = 10 << 20
_REMEMBERED = 50


class ComposerText(QPlainTextEdit):
    """Plain text. Enter sends, Shift+Enter begins a line, Up in an empty field recalls."""

    send_wanted = Signal()
    stop_wanted = Signal()
    paths_pasted = Signal(list)
    large_paste = Signal(str)
    paste_too_large = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._composes = False
        self._sent: list[str] = []
        self._recalled = 0
        self.setObjectName("composerText")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPlaceholderText(translate("chat", "Ask about code…"))
        self.setAccessibleName(translate("chat", "Your question"))
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self.fit)
        look.changed.connect(self.fit)
        self.fit()

    def set_text(self, text: str) -> None:
        """Replace the text, so that Ctrl+Z brings the old one back, and go to its end."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.End)

    def remember(self, text: str) -> None:
        """Keep what was sent, to be recalled."""
        self._sent = [*self._sent[-_REMEMBERED:], text]
        self._recalled = 0

    def fit(self) -> None:
        """Be as high as the text, up to some lines."""
        line = self.fontMetrics().lineSpacing()
        lines = max(1, min(round(self.document().size().height()), _MOST_LINES))
        self.setFixedHeight(lines * line + self._look.theme.units(2))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's own name
        """Send, stop and recall; all else is typed."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._composes:  # it ends the composition, and neither sends nor breaks the line
                return
            if plain == Qt.KeyboardModifier.NoModifier:
                self.send_wanted.emit()
                return
            if plain == Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
                self.ensureCursorVisible()
                return
        if event.key() == Qt.Key.Key_Escape:
            self.stop_wanted.emit()
            return
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and self._recall(event):
            return
        self._recalled = 0
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 - Qt's own name
        """Note whether an input method composes: its Enter must not send."""
        self._composes = bool(event.preeditString())
        super().inputMethodEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's own name
        """Take files as well as text."""
        return source.hasUrls() or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's own name
        """Attach files and long text; insert the rest as plain text."""
        paths = [address.toLocalFile() for address in source.urls() if address.isLocalFile()]
        if paths:
            self.paths_pasted.emit(paths)
            return
        text = source.text()
        if len(text) > _LARGEST_PASTE_BYTES:
            self.paste_too_large.emit(len(text))
        elif len(text) > _LONG_PASTE:
            self.large_paste.emit(text)
        else:
            self.insertPlainText(text)
            self.ensureCursorVisible()

    def _recall(self, event: QKeyEvent) -> bool:
        """Go through what was sent, from an empty field or from a recalled text."""
        step = 1 if event.key() == Qt.Key.Key_Up else -1
        if event.modifiers() != Qt.KeyboardModifier.NoModifier or not self._sent:
            return False
        if not self._recalled and (step < 0 or self.toPlainText()):
            return False
        recalled = self._recalled + step
        if recalled > len(self._sent):
            return True
        self.set_text(self._sent[-recalled] if recalled else "")
        self._recalled = recalled
        return True
