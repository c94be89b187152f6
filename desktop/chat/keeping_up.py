"""Keeps the window up with what other clients do to the conversations."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.background.jobs import Background
from desktop.background.running_stream import RunningStream
from desktop.chat.conversation_desk import ConversationDesk
from desktop.chat.list_desk import ListDesk
from rpc.conversation_records import BranchWindow, ConversationChanges, Message
from rpc.failures import Failure

# Several changes of one moment are read once.
_REST_MILLISECONDS = 250


class KeepingUp(QObject):
    """Watches from the first reading of the list on; `read` brings the open conversation anew.

    After the engine has gone, the next reading of the list begins the watch again: nothing here
    starts an engine that somebody has stopped.
    """

    read = Signal(object)

    def __init__(
        self,
        background: Background,
        desk: ConversationDesk,
        list_desk: ListDesk,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._desk = desk
        self._list_desk = list_desk
        self._stream: RunningStream | None = None
        self._changed: set[str] = set()
        self._is_all_changed = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MILLISECONDS)
        self._rest.timeout.connect(self._look)
        list_desk.listed.connect(self._begin)

    def _begin(self, *_: object) -> None:
        if self._stream is None:
            self._stream = self._background.stream(
                lambda limpet: limpet.conversations.watch(), self._take, self._end
            )

    def _take(self, events: list[ConversationChanges]) -> None:
        for event in events:
            self._changed |= event.conversations
            self._is_all_changed |= event.everything
        if (self._changed or self._is_all_changed) and not self._rest.isActive():
            self._rest.start()

    def _end(self, failure: Failure | None) -> None:
        del failure  # what the user does next tells of an engine that is gone
        self._stream = None

    def _look(self) -> None:
        changed, is_all = self._changed, self._is_all_changed
        self._changed, self._is_all_changed = set(), False
        self._list_desk.refresh()
        open_one = self._desk.conversation
        # The window knows more of an answer that it gets itself than the engine has saved.
        if open_one is None or self._desk.answer is not None:
            return
        name = open_one.id
        if is_all or name in changed:
            self._background.call(
                lambda limpet: limpet.conversations.window(name), self.read.emit, _ignore
            )


def is_other(window: BranchWindow, shown: tuple[Message, ...]) -> bool:
    """Whether a conversation's last messages are not those that are shown at its end."""
    now = [(each.id, each.content) for each in window.messages]
    seen = [(each.id, each.content) for each in shown]
    return seen[-len(now) :] != now if now else bool(seen)


def _ignore(failure: Failure) -> None:
    """A conversation that was deleted elsewhere stays in sight until the user leaves it."""
