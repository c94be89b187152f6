"""The chat view: the list on the left, the conversation on the right, and how they go together."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.appearance.look import Look
from desktop.appearance.toast import Toast
from desktop.chat.answering import Answering
from desktop.chat.conversation_desk import ConversationDesk
from desktop.chat.conversation_list import ConversationList
from desktop.chat.conversation_view import ConversationView
from desktop.chat.list_desk import ListDesk
from rpc.conversation_records import BranchWindow, Conversation
from rpc.visible_text import visible

translate = QCoreApplication.translate


class ChatPage(QWidget):
    """Conversations."""

    title_changed = Signal(str)

    def __init__(
        self,
        look: Look,
        desk: ConversationDesk,
        list_desk: ListDesk,
        answering: Answering,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._look = look
        self._desk = desk
        self._list_desk = list_desk
        self._message_to_reveal = ""
        self.list = ConversationList(look, list_desk, answering)
        self.view = ConversationView(look, desk)
        self.toast = Toast(look, self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.list)
        self._splitter.addWidget(self.view)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setHandleWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        self._connect()
        self._size()

    def start(self) -> None:
        """Read the list, and be ready for a first question."""
        self._list_desk.refresh()
        self._desk.start_new()

    def start_new(self) -> None:
        """Begin a conversation and put the caret where it is typed."""
        self._desk.start_new()
        self.focus_composer()

    def focus_composer(self) -> None:
        """Put the caret into the composer."""
        self.view.composer.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self._size()
        self.view.restyle()

    def _size(self) -> None:
        unit = self._look.theme.units
        self.list.setMinimumWidth(unit(50))
        self.list.setMaximumWidth(unit(110))
        self.view.setMinimumWidth(unit(80))
        self._splitter.setSizes([unit(68), max(unit(80), self.width() - unit(68))])

    def _connect(self) -> None:
        self.list.new_wanted.connect(self.start_new)
        self.list.open_wanted.connect(self._open)
        self._desk.opened.connect(self._opened)
        self._desk.shown.connect(self._shown)
        self._desk.changed.connect(lambda _: self._list_desk.refresh())
        self._desk.answer_ended.connect(lambda *_: self._list_desk.refresh())
        self._list_desk.deleted.connect(self._deleted)
        self._list_desk.updated.connect(self._updated)
        self._list_desk.failed.connect(self.view.show_failure)

    def _open(self, conversation: str, message: str) -> None:
        self._message_to_reveal = message
        self._desk.open(conversation)

    def _opened(self, conversation: Conversation | None) -> None:
        self.list.mark(conversation.id if conversation is not None else "")
        self.title_changed.emit(visible(conversation.title) if conversation is not None else "")

    def _shown(self, window: BranchWindow) -> None:
        self.list.mark(window.conversation.id)
        wanted, self._message_to_reveal = self._message_to_reveal, ""
        if wanted:
            self.view.column.reveal(wanted)

    def _deleted(self, conversation: Conversation) -> None:
        open_one = self._desk.conversation
        if open_one is not None and open_one.id == conversation.id:
            self._desk.start_new()
        self.toast.tell(
            translate("chat", "The conversation was deleted."),
            translate("chat", "Undo"),
            lambda: self._list_desk.restore(conversation.id),
        )

    def _updated(self, conversation: Conversation) -> None:
        if conversation.archived:
            self.toast.tell(
                translate("chat", "The conversation was archived."),
                translate("chat", "Undo"),
                lambda: self._list_desk.update(conversation.id, archived=False),
            )
