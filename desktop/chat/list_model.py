"""The rows of the conversation list: headings of days, conversations, places that were found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import IntEnum

import msgspec
from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from rpc.conversation_records import Conversation, SearchHit
from rpc.visible_text import visible

translate = QCoreApplication.translate
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Heading(msgspec.Struct, frozen=True):
    """The name of a group."""

    text: str


Row = Heading | Conversation | SearchHit


class Role(IntEnum):
    """What the view asks for beyond the text."""

    ROW = Qt.ItemDataRole.UserRole
    IS_ANSWERING = Qt.ItemDataRole.UserRole + 1


class ConversationRows(QAbstractListModel):
    """Conversations in groups, or what a search found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._answering: frozenset[str] = frozenset()

    def show_conversations(self, conversations: Sequence[Conversation], today: date) -> None:
        """Show conversations, in the order they have, under headings of days."""
        rows: list[Row] = []
        heading = ""
        for conversation in conversations:
            group = group_of(conversation, today)
            if group != heading:
                rows.append(Heading(group))
                heading = group
            rows.append(conversation)
        self._replace(rows)

    def show_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show what a search found."""
        self._replace(list(hits))

    def show_answering(self, conversations: frozenset[str]) -> None:
        """Mark the conversations in which an answer is being written."""
        self._answering = conversations
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def row_of(self, conversation: str) -> QModelIndex:
        """Return where a conversation stands; an invalid index where it does not."""
        for number, row in enumerate(self._rows):
            if isinstance(row, Conversation) and row.id == conversation:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802 - Qt's own name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row shows."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Role.ROW:
            return row
        if role == Role.IS_ANSWERING:
            return isinstance(row, Conversation) and row.id in self._answering
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return title_of(row)
        if role == Qt.ItemDataRole.ToolTipRole and not isinstance(row, Heading):
            return title_of(row)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let headings neither be chosen nor reached."""
        if index.isValid() and isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _replace(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


def title_of(row: Row) -> str:
    """Return a row's first line."""
    if isinstance(row, Heading):
        return row.text
    title = visible(" ".join(row.title.split()))
    return title or translate("chat", "New conversation")


def group_of(conversation: Conversation, today: date) -> str:
    """Return the name of the group that a conversation belongs to."""
    if conversation.pinned:
        return translate("chat", "Pinned")
    changed = datetime.fromtimestamp(conversation.updated_ms / 1000, UTC).astimezone().date()
    days = (today - changed).days
    if days <= 0:  # a clock that was set back must not make a group of its own
        return translate("chat", "Today")
    if days == 1:
        return translate("chat", "Yesterday")
    if days <= 7:
        return translate("chat", "The last seven days")
    if days <= 30:
        return translate("chat", "The last thirty days")
    return f"{changed:%Y-%m}"
