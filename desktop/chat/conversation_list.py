"""The list of conversations on the left: new, search, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from desktop.appearance.buttons import IconButton
from desktop.appearance.look import Look
from desktop.chat.answering import Answering
from desktop.chat.list_delegate import ListDelegate
from desktop.chat.list_desk import ListDesk
from desktop.chat.list_model import ConversationRows, Role
from rpc.conversation_records import Conversation, SearchHit, Shelf

translate = QCoreApplication.translate


def _today() -> date:
    return datetime.now().astimezone().date()


class ConversationList(QFrame):
    """Emits which conversation, and which message of it, is to be opened."""

    new_wanted = Signal()
    open_wanted = Signal(str, str)
    export_wanted = Signal(str)

    def __init__(
        self, look: Look, desk: ListDesk, answering: Answering, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("conversationList")
        self._look = look
        self._desk = desk
        self._current = ""
        self.rows = ConversationRows(self)
        self.search = QLineEdit()
        self.view = QListView()
        self._delegate = ListDelegate(look)
        self._empty = QLabel()
        self._shelf_button = IconButton(
            look, "archive", translate("chat", "Show other shelves"), self._choose_shelf
        )
        self._lay_out()
        desk.listed.connect(self._show_list)
        desk.found.connect(self._show_found)
        self._answering = answering
        answering.waiting.connect(self._mark_answering)
        answering.ended.connect(self._mark_answering)

    def mark(self, conversation: str) -> None:
        """Show which conversation is open."""
        self._current = conversation
        index = self.rows.row_of(conversation) if conversation else QModelIndex()
        if index.isValid():
            self.view.setCurrentIndex(index)
        else:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())

    def _mark_answering(self, *_: object) -> None:
        self.rows.show_answering(self._answering.conversations)

    def _lay_out(self) -> None:
        unit = self._look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(0, unit(3), 0, 0)
        column.setSpacing(unit(2))
        row = QHBoxLayout()
        row.setContentsMargins(unit(3), 0, unit(2), 0)
        row.setSpacing(unit(1))
        self.search.setPlaceholderText(translate("chat", "Search all conversations"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.search.setObjectName("search")
        self.search.textChanged.connect(self._desk.search)
        row.addWidget(self.search, 1)
        row.addWidget(self._shelf_button)
        new = translate("chat", "New conversation (Ctrl+N)")
        row.addWidget(IconButton(self._look, "new", new, self.new_wanted.emit))
        column.addLayout(row)
        self._empty.setObjectName("muted")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(unit(5), unit(2), unit(5), 0)
        self._empty.hide()
        column.addWidget(self._empty)
        view = self.view
        view.setModel(self.rows)
        view.setItemDelegate(self._delegate)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        view.setUniformItemSizes(False)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setAccessibleName(translate("chat", "Conversations"))
        view.customContextMenuRequested.connect(self._show_menu)
        view.clicked.connect(self._open)
        view.activated.connect(self._open)
        view.verticalScrollBar().valueChanged.connect(self._note_scrolling)
        for keys, action in ((Qt.Key.Key_Delete, self._delete), (Qt.Key.Key_F2, self._rename)):
            shortcut = QShortcut(QKeySequence(keys), view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._with_current(action))
        column.addWidget(view, 1)

    def _show_list(self, conversations: tuple[Conversation, ...]) -> None:
        self.rows.show_conversations(conversations, _today())
        empty = {
            Shelf.ACTIVE: translate("chat", "Your conversations will be listed here."),
            Shelf.ARCHIVED: translate("chat", "Nothing is archived."),
            Shelf.DELETED: translate("chat", "Nothing was deleted in the last 30 days."),
        }
        self._say_empty("" if conversations else empty[self._desk.shelf])
        self.mark(self._current)

    def _show_found(self, hits: tuple[SearchHit, ...]) -> None:
        self.rows.show_hits(hits)
        self._say_empty("" if hits else translate("chat", "Nothing was found."))

    def _say_empty(self, text: str) -> None:
        self._empty.setText(text)
        self._empty.setVisible(bool(text))

    def _open(self, index: QModelIndex) -> None:
        row = index.data(Role.ROW)
        if isinstance(row, Conversation):
            self.open_wanted.emit(row.id, "")
        elif isinstance(row, SearchHit):
            self.open_wanted.emit(row.conversation, row.message)

    def _note_scrolling(self, value: int) -> None:
        if value >= self.view.verticalScrollBar().maximum() - self.view.height():
            self._desk.read_more()

    def _with_current(self, action: Callable[[Conversation], object]) -> Callable[[], None]:
        def act() -> None:
            row = self.view.currentIndex().data(Role.ROW)
            if isinstance(row, Conversation):
                action(row)

        return act

    def _show_menu(self, place: QPoint) -> None:
        row = self.view.indexAt(place).data(Role.ROW)
        if isinstance(row, Conversation):
            self.menu_of(row).popup(self.view.viewport().mapToGlobal(place))

    def menu_of(self, conversation: Conversation) -> QMenu:
        """Return the menu of what can be done with a conversation."""
        menu, desk, name = QMenu(self), self._desk, conversation.id
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if conversation.deleted_ms:
            menu.addAction(translate("chat", "Bring back"), lambda: desk.restore(name))
            return menu
        pin = translate("chat", "Unpin") if conversation.pinned else translate("chat", "Pin")
        put = translate("chat", "Archive")
        if conversation.archived:
            put = translate("chat", "Take out of the archive")
        menu.addAction(translate("chat", "Rename…"), lambda: self._rename(conversation))
        menu.addAction(pin, lambda: desk.update(name, pinned=not conversation.pinned))
        menu.addAction(put, lambda: desk.update(name, archived=not conversation.archived))
        menu.addAction(translate("chat", "Export…"), lambda: self.export_wanted.emit(name))
        menu.addSeparator()
        menu.addAction(translate("chat", "Delete"), lambda: self._delete(conversation))
        return menu

    def _rename(self, conversation: Conversation) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(translate("chat", "Rename"))
        dialog.setLabelText(translate("chat", "Title of the conversation"))
        dialog.setTextValue(conversation.title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(
            lambda title: self._desk.update(conversation.id, title=title.strip()[:200])
        )
        dialog.open()

    def _delete(self, conversation: Conversation) -> None:
        self._desk.delete(conversation.id)

    def _choose_shelf(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = {
            Shelf.ACTIVE: translate("chat", "Conversations"),
            Shelf.ARCHIVED: translate("chat", "Archive"),
            Shelf.DELETED: translate("chat", "Recently deleted"),
        }
        for shelf, name in names.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(shelf is self._desk.shelf)
            action.triggered.connect(lambda _checked=False, to=shelf: self._desk.show_shelf(to))
        menu.popup(self._shelf_button.mapToGlobal(QPoint(0, self._shelf_button.height())))
