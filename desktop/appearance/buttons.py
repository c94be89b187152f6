"""Buttons with an icon, each with a name for screen readers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from desktop.appearance.look import Look


class IconButton(QToolButton):
    """A button that shows an icon; `name` is its tooltip and what a screen reader says."""

    def __init__(
        self,
        look: Look,
        icon: str,
        name: str,
        pressed: Callable[[], object] | None = None,
        parent: QWidget | None = None,
        *,
        colour: str = "muted",
        pixels: int = 18,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._icon = icon
        self._colour = colour
        self._pixels = pixels
        self.setAutoRaise(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rename(name)
        if pressed is not None:
            self.clicked.connect(lambda _checked=False: pressed())
        self.redraw()
        look.changed.connect(self.redraw)

    def rename(self, name: str) -> None:
        """Give the button another name."""
        self.setToolTip(name)
        self.setAccessibleName(name)

    def set_icon(self, icon: str, colour: str = "") -> None:
        """Show another icon."""
        self._icon, self._colour = icon, colour or self._colour
        self.redraw()

    def redraw(self) -> None:
        """Draw the icon in the theme's colour and size."""
        self.setIcon(self._look.icons.icon(self._icon, self._colour, self._pixels))
        side = round(self._pixels * self._look.theme.zoom)
        self.setIconSize(QSize(side, side))


def text_button(
    text: str, pressed: Callable[[], object], *, kind: str = "", parent: QWidget | None = None
) -> QPushButton:
    """Return a button with words; `kind` is `primary`, `quiet` or empty, as in the style sheet."""
    button = QPushButton(text, parent)
    button.setProperty("kind", kind)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.clicked.connect(lambda _checked=False: pressed())
    return button
