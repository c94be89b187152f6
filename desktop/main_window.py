"""The window: a rail of views on the left, and the view that was chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QCoreApplication, QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.appearance.buttons import IconButton
from desktop.appearance.look import Look

translate = QCoreApplication.translate


class MainWindow(QMainWindow):
    """Views with an icon each. `page_shown` tells which one is in front."""

    closed = Signal()
    page_shown = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._pages: dict[str, QWidget] = {}
        self._buttons: dict[str, IconButton] = {}
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        self._rail = QFrame()
        self._rail.setObjectName("rail")
        self._rail_column = QVBoxLayout(self._rail)
        unit = look.theme.units
        self._rail_column.setContentsMargins(unit(2), unit(3), unit(2), unit(3))
        self._rail_column.setSpacing(unit(2))
        self._rail_column.addStretch(1)
        self._may_close: Callable[[], bool] = lambda: True
        self._above = 0  # buttons above the stretch
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(body)
        self.set_title("")
        self.resize(QSize(unit(290), unit(195)))
        self.setMinimumSize(QSize(unit(120), unit(90)))

    def add_page(
        self, name: str, page: QWidget, icon: str, title: str, *, at_end: bool = False
    ) -> None:
        """Add a view; `at_end` puts its icon at the rail's lower end."""
        self._pages[name] = page
        self._stack.addWidget(page)
        button = IconButton(self._look, icon, title, lambda: self.show_page(name), pixels=22)
        button.setCheckable(True)
        self._group.addButton(button)
        self._buttons[name] = button
        at = self._rail_column.count() if at_end else self._above
        self._rail_column.insertWidget(at, button)
        self._above += not at_end
        if len(self._pages) == 1:
            self.show_page(name)

    def show_page(self, name: str) -> None:
        """Bring a view to the front."""
        self._stack.setCurrentWidget(self._pages[name])
        self._buttons[name].setChecked(True)
        self.page_shown.emit(name)

    @property
    def page(self) -> str:
        """The name of the view in front."""
        current = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is current), "")

    def set_title(self, title: str) -> None:
        """Put what is open into the window's title."""
        self.setWindowTitle(f"{title} – Limpet" if title else "Limpet")

    def ask_before_closing(self, may_close: Callable[[], bool]) -> None:
        """Close only where this says so."""
        self._may_close = may_close

    def to_front(self) -> None:
        """Show the window above the others, where the system lets us."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def place(self) -> str:
        """Return size and place, to be restored at the next start."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def put_back(self, place: str) -> None:
        """Take size and place from an earlier run."""
        if place:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(place.encode("ascii"))))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's own name
        """Tell the app, which keeps what was typed and then ends; unless something is asked."""
        if not self._may_close():
            event.ignore()
            return
        self.closed.emit()
        super().closeEvent(event)
