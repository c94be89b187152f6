"""Draws the rows of the conversation list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.appearance.look import Look
from desktop.chat.list_model import Heading, Role, title_of
from rpc.conversation_records import Conversation, SearchHit
from rpc.visible_text import visible

_Index = QModelIndex | QPersistentModelIndex


class ListDelegate(QStyledItemDelegate):
    """One line for a conversation, two for a place that was found."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Return a row's height."""
        row = index.data(Role.ROW)
        units = 12.5 if isinstance(row, SearchHit) else 8.5
        if isinstance(row, Heading):
            units = 8 if index.row() == 0 else 9.5
        return QSize(0, self._look.theme.units(units))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a row."""
        row = index.data(Role.ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self._look.theme.units
        area: QRect = option.rect.adjusted(unit(2), unit(0.25), -unit(2), -unit(0.25))
        if isinstance(row, Heading):
            self._write(painter, area, row.text, "muted", small=True, bottom=True, bold=True)
        else:
            self._draw_ground(painter, option, area)
            self._draw_row(painter, area, row, is_answering=bool(index.data(Role.IS_ANSWERING)))
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> None:
        theme, states = self._look.theme, QStyle.StateFlag
        colour = ""
        if option.state & states.State_Selected:
            colour = theme.colours.selected
        elif option.state & states.State_MouseOver:
            colour = theme.colours.hover
        if colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(area, theme.sizes.radius * 0.75, theme.sizes.radius * 0.75)
        if option.state & states.State_HasFocus and option.state & states.State_KeyboardFocusChange:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.colours.focus), 2))
            painter.drawRoundedRect(
                area.adjusted(1, 1, -1, -1), theme.sizes.radius * 0.75, theme.sizes.radius * 0.75
            )

    def _draw_row(
        self, painter: QPainter, area: QRect, row: Conversation | SearchHit, *, is_answering: bool
    ) -> None:
        unit = self._look.theme.units
        inside = area.adjusted(unit(2), 0, -unit(2), 0)
        if isinstance(row, SearchHit):
            half = inside.height() // 2
            above = QRect(inside.x(), inside.y(), inside.width(), half + unit(0.5))
            below = QRect(inside.x(), inside.y() + half, inside.width(), half - unit(0.5))
            self._write(painter, above, title_of(row), "text")
            found = visible(" ".join(f"{row.before}{row.match}{row.after}".split()))
            self._write(painter, below, found, "muted", small=True)
            return
        if is_answering:
            side = unit(2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.theme.colours.accent))
            painter.drawEllipse(inside.right() - side, inside.center().y() - side // 2, side, side)
            inside.adjust(0, 0, -unit(4), 0)
        self._write(painter, inside, title_of(row), "text" if row.title else "muted")

    def _write(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        colour: str,
        *,
        small: bool = False,
        bottom: bool = False,
        bold: bool = False,
    ) -> None:
        sizes = self._look.theme.sizes
        font = self._look.text_font(sizes.small if small else sizes.text - 1)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(getattr(self._look.theme.colours, colour)))
        if bottom:
            area = area.adjusted(self._look.theme.units(2), 0, 0, -self._look.theme.units(1))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        vertical = Qt.AlignmentFlag.AlignBottom if bottom else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, vertical | Qt.AlignmentFlag.AlignLeft, shown)
