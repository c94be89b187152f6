"""A word at the window's lower edge that goes by itself, with one thing that can be undone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.appearance.look import Look

# Long enough to read, notice a mistake and reach the button, also by keyboard.
_SHOWN_MILLISECONDS = 10_000


class Toast(QFrame):
    """Shown above the other widgets of its parent; a new word takes the old one's place."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setObjectName("toast")
        self._look = look
        self._text = QLabel()
        self._button = QPushButton()
        self._action: Callable[[], object] | None = None
        self._button.clicked.connect(self._act)
        unit = look.theme.units
        row = QHBoxLayout(self)
        row.setContentsMargins(unit(4), unit(1), unit(2), unit(1))
        row.addWidget(self._text)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def tell(self, text: str, words: str = "", action: Callable[[], object] | None = None) -> None:
        """Say this; `words` is on the button that does `action`."""
        self._text.setText(text)
        self._button.setText(words)
        self._button.setVisible(action is not None)
        self._action = action
        self.setAccessibleName(text)
        self.show()
        self.raise_()
        self._place()
        self._timer.start(_SHOWN_MILLISECONDS)

    def press(self) -> None:
        """Do what the button does."""
        self._act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        """Stay at the lower edge of a parent that changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _place(self) -> None:
        parent = self._ground
        self.adjustSize()
        below = self._look.theme.units(36)
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - below)
