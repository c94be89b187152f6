"""Reads the list of conversations, searches it, and puts conversations away and back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from desktop.background.jobs import Background, Job
from rpc.client import Limpet
from rpc.conversation_records import Conversation, ConversationPage, SearchPage, Shelf
from rpc.failures import Failure

_Change = Callable[[Limpet], Conversation]
_PAGE = 200
_TYPING_MILLISECONDS = 120


class ListDesk(QObject):
    """The list as the engine has it. Signals come in the window's thread; nothing here waits."""

    listed = Signal(object)
    found = Signal(object)
    deleted = Signal(object)
    restored = Signal(object)
    updated = Signal(object)
    failed = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._shelf = Shelf.ACTIVE
        self._query = ""
        self._conversations: list[Conversation] = []
        self._cursor = ""
        self._job: Job | None = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MILLISECONDS)
        self._typing.timeout.connect(self.refresh)

    @property
    def shelf(self) -> Shelf:
        """Which conversations are listed."""
        return self._shelf

    def show_shelf(self, shelf: Shelf) -> None:
        """List other conversations."""
        self._shelf = shelf
        self.refresh()

    def search(self, query: str) -> None:
        """Search once the user rests; an empty query lists all."""
        self._query = query.strip()
        self._typing.start()

    def refresh(self) -> None:
        """Read the first page anew."""
        self._typing.stop()
        if self._job is not None:
            self._job.drop()
        query, shelf = self._query, self._shelf
        if query:
            self._job = self._background.call(
                lambda limpet: limpet.conversations.search(query), self._found, self.failed.emit
            )
            return

        def done(page: ConversationPage) -> None:
            self._conversations = []
            self._add(page)

        self._job = self._background.call(
            lambda limpet: limpet.conversations.list(shelf, size=_PAGE), done, self.failed.emit
        )

    def read_more(self) -> None:
        """Read the next page, where there is one."""
        cursor, shelf = self._cursor, self._shelf
        if not cursor or self._query:
            return
        self._cursor = ""
        self._job = self._background.call(
            lambda limpet: limpet.conversations.list(shelf, size=_PAGE, cursor=cursor),
            self._add,
            self.failed.emit,
        )

    def delete(self, conversation: str) -> None:
        """Delete a conversation; it can be brought back."""
        self._change(lambda limpet: limpet.conversations.delete(conversation), self.deleted)

    def restore(self, conversation: str) -> None:
        """Bring a deleted conversation back."""
        self._change(lambda limpet: limpet.conversations.undelete(conversation), self.restored)

    def update(
        self,
        conversation: str,
        *,
        title: str | None = None,
        pinned: bool | None = None,
        archived: bool | None = None,
    ) -> None:
        """Change a conversation."""
        self._change(
            lambda limpet: limpet.conversations.update(
                conversation, title=title, pinned=pinned, archived=archived
            ),
            self.updated,
        )

    def _change(self, work: _Change, told: SignalInstance) -> None:
        def done(conversation: Conversation) -> None:
            told.emit(conversation)
            self.refresh()

        def failed(failure: Failure) -> None:
            self.failed.emit(failure)

        self._background.call(work, done, failed)

    def _add(self, page: ConversationPage) -> None:
        self._conversations.extend(page.conversations)
        self._cursor = page.cursor
        self.listed.emit(tuple(self._conversations))

    def _found(self, page: SearchPage) -> None:
        self.found.emit(page.hits)
