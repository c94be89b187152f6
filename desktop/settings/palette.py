"""The command palette: type some letters of a command, press Enter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.appearance.look import Look
from desktop.settings.commands import Command
from desktop.settings.palette_delegate import KEYS_ROLE, PaletteDelegate

translate = QCoreApplication.translate
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


# What the typed text itself stands for, such as a file to open; None where it is only letters.
Reading = Callable[[str], Command | None]


class Palette(QFrame):
    """Shown above the window; Esc closes it."""

    def __init__(
        self, look: Look, commands: tuple[Command, ...], read: Reading, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands = commands
        self._read = read
        self._matches: tuple[Command, ...] = ()
        self.field = QLineEdit()
        self.view = QListView()
        self._names = QStandardItemModel(self)
        self._delegate = PaletteDelegate(look)
        unit = look.theme.units
        self.field.setPlaceholderText(
            translate("commands", "Type a command, or a file and a line: app.py:12")
        )
        self.field.setAccessibleName(self.field.placeholderText())
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.view.setModel(self._names)
        self.view.setItemDelegate(self._delegate)
        self.view.setAccessibleName(translate("commands", "Commands"))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.view.clicked.connect(lambda _: self._run())
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(2), unit(2), unit(2), unit(2))
        column.addWidget(self.field)
        column.addWidget(self.view)
        width = min(unit(130), parent.width() - unit(8))
        self.setFixedSize(width, min(unit(100), parent.height() - unit(16)))
        place = parent.mapToGlobal(parent.rect().topLeft())
        self.move(place.x() + (parent.width() - width) // 2, place.y() + unit(14))
        self._filter("")

    def open(self) -> None:
        """Show the palette and type into it."""
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        """Let the arrows move in the list while the letters go to the field."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _MOVES:
                self._move(_MOVES[Qt.Key(event.key())])
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        found = self._read(text)
        named = () if found is None else (found,)
        self._matches = named + tuple(each for each in self._commands if matches(text, each.title))
        self._names.clear()
        for each in self._matches:
            item = QStandardItem(each.title)
            item.setData(each.keys, KEYS_ROLE)
            self._names.appendRow(item)
        self.view.setCurrentIndex(self._names.index(0, 0))

    def _move(self, step: int) -> None:
        at = min(max(self.view.currentIndex().row() + step, 0), len(self._matches) - 1)
        self.view.setCurrentIndex(self._names.index(at, 0))

    def _run(self) -> None:
        at = self.view.currentIndex().row()
        if 0 <= at < len(self._matches):
            command = self._matches[at]
            self.close()
            command.action()


def matches(typed: str, title: str) -> bool:
    """Whether the typed letters are in the title, in their order."""
    rest = iter(title.lower())
    return all(letter in rest for letter in typed.lower() if not letter.isspace())
