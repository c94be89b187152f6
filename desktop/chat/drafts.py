"""Keeps what is typed and not sent, for each conversation, with the engine."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from desktop.background.jobs import Background
from rpc.client import Limpet
from rpc.conversation_records import Conversation
from rpc.failures import Failure

_REST_MILLISECONDS = 700
_LARGEST_BYTES = 2 << 20


class Drafts(QObject):
    """Saves a draft once the user rests, and at once when another conversation is opened.

    The draft of a conversation that was not begun yet is kept here only, and by the app at its end.
    """

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._conversation = ""
        # What is typed, and what of it is kept: the engine may still be busy with a draft.
        self._typed: dict[str, str] = {"": ""}
        self._saved: dict[str, str] = {"": ""}
        self._is_saving = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MILLISECONDS)
        self._timer.timeout.connect(self.save)

    @property
    def of_new(self) -> str:
        """What was typed for a conversation that was not begun yet."""
        return self._typed[""]

    def keep_new(self, text: str) -> None:
        """Take what was typed before the conversations were read."""
        self._typed[""] = self._saved[""] = text

    def open(self, conversation: Conversation | None) -> str:
        """Go to a conversation, and return what was typed there."""
        self.save()
        self._conversation = conversation.id if conversation is not None else ""
        if conversation is not None and self._conversation not in self._typed:
            draft = conversation.draft.decode("utf-8", "replace")
            self._typed[self._conversation] = self._saved[self._conversation] = draft
        return self._typed[self._conversation]

    def change(self, text: str) -> None:
        """Take what is typed now."""
        self._typed[self._conversation] = text
        if text != self._saved.get(self._conversation, ""):
            self._timer.start()

    def begin(self, conversation: Conversation) -> None:
        """The open conversation has begun, with what was typed."""
        if not self._conversation:
            self._typed[conversation.id] = self._typed[""]
            self._saved.setdefault(conversation.id, "")
            self._typed[""] = self._saved[""] = ""
            self._conversation = conversation.id

    def save(self) -> None:
        """Keep what is typed, if that was not done."""
        self._timer.stop()
        name = self._conversation
        text = self._typed.get(name, "")
        if text == self._saved.get(name, ""):
            return
        if not name:
            self._saved[name] = text
            return
        if self._is_saving:
            self._timer.start()
            return
        draft = text.encode("utf-8", "surrogatepass")
        if len(draft) > _LARGEST_BYTES:
            return
        self._is_saving = True

        def work(limpet: Limpet) -> Conversation:
            return limpet.conversations.update(name, draft=draft)

        def done(_conversation: Conversation) -> None:
            self._is_saving = False
            self._saved[name] = text

        def failed(_failure: Failure) -> None:
            # Asked again when more is typed; what is typed stays in the composer meanwhile.
            self._is_saving = False

        self._background.call(work, done, failed)
