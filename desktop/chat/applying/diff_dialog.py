"""Shows an edit side by side before it is made."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.chat.applying.file_edit import FileEdit, OpenFile
from desktop.chat.applying.placement import Placement, Where, placements, put
from desktop.chat.applying.side_view import SideView
from rpc.visible_text import visible

translate = QCoreApplication.translate


class DiffDialog(QDialog):
    """Emits the edit that the user has agreed to."""

    agreed = Signal(object)

    def __init__(
        self,
        look: Look,
        opened: OpenFile,
        code: str,
        lines: tuple[int, int] = (0, 0),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._opened = opened
        self._code = code
        self._placements = placements(opened.text, code, *lines)
        self._edit: FileEdit | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("chat", "Apply to {0}").format(visible(opened.document.path)))
        unit = look.theme.units
        self.resize(unit(260), unit(160))
        self.sides = SideView(look)
        self.where = QComboBox()
        self._counts = QLabel()
        self._counts.setObjectName("muted")
        self._lay_out()
        self._show(0)

    @property
    def edit(self) -> FileEdit | None:
        """The edit that is shown."""
        return self._edit

    def agree(self) -> None:
        """Make the edit that is shown."""
        if self._edit is not None:
            self.agreed.emit(self._edit)
        self.accept()

    def _lay_out(self) -> None:
        unit = self._look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(4), unit(4), unit(4), unit(4))
        column.setSpacing(unit(3))
        above = QHBoxLayout()
        above.addWidget(QLabel(translate("chat", "Put the code")))
        self.where.setAccessibleName(translate("chat", "Where the code goes"))
        for each in self._placements:
            self.where.addItem(_name_of(each))
        self.where.currentIndexChanged.connect(self._show)
        above.addWidget(self.where)
        above.addStretch(1)
        above.addWidget(self._counts)
        column.addLayout(above)
        column.addWidget(self.sides, 1)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(text_button(translate("chat", "Cancel"), self.reject))
        apply = text_button(translate("chat", "Apply"), self.agree, kind="primary")
        apply.setDefault(True)
        below.addWidget(apply)
        column.addLayout(below)

    def _show(self, number: int) -> None:
        changed = put(self._opened.text, self._code, self._placements[number])
        self._edit = self._opened.edit(changed)
        self._counts.setText(self.sides.show_change(self._opened.text, changed))


def _name_of(placement: Placement) -> str:
    lines = f"{placement.first + 1}-{placement.last}"
    names = {
        Where.MATCH: translate("chat", "in place of lines {0}, which it resembles").format(lines),
        Where.LINES: translate("chat", "in place of the attached lines {0}").format(lines),
        Where.WHOLE: translate("chat", "in place of the whole file"),
        Where.END: translate("chat", "at the file's end"),
    }
    return names[placement.where]
