"""Draws a command of the palette: its title on the left, its keys on the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.appearance.look import Look

_Index = QModelIndex | QPersistentModelIndex
KEYS_ROLE = Qt.ItemDataRole.UserRole


class PaletteDelegate(QStyledItemDelegate):
    """The keys are in the role `KEYS_ROLE`."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802
        """Return a row's height."""
        return QSize(0, self._look.theme.units(9))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a row."""
        theme = self._look.theme
        area = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colours.selected))
            painter.drawRoundedRect(area, theme.sizes.radius * 0.75, theme.sizes.radius * 0.75)
        inside = area.adjusted(theme.units(3), 0, -theme.units(3), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._look.text_font())
        painter.setPen(QColor(theme.colours.text))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        painter.setFont(self._look.text_font(theme.sizes.small))
        painter.setPen(QColor(theme.colours.muted))
        keys = str(index.data(KEYS_ROLE) or "")
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, keys)
        painter.restore()
