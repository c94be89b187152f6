"""A terminal chat's conversation as the engine keeps it, the same for all clients."""

from __future__ import annotations

from collections.abc import Sequence

from command_line.attachments import describe
from rpc.chat import Attachment, Overflow
from rpc.client import Limpet
from rpc.conversation_records import ExportFormat, Message
from rpc.conversations import ConversationAnswer


class KeptConversation:
    """Questions are on the disk before they are answered. Made with the first question.

    A file goes with the question behind it and stays in the conversation; when turns have to be
    left out, it goes with the next question again.
    """

    def __init__(
        self, engine: Limpet, attachments: Sequence[Attachment] = (), conversation: str = ""
    ) -> None:
        self._engine = engine
        self._conversation = conversation
        self._attachments = list(attachments)
        self._waiting = list(attachments)
        self._question: Message | None = None
        self._is_empty = not conversation

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that were attached here."""
        return tuple(self._attachments)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered yet."""
        return self._is_empty

    def attach(self, attachment: Attachment) -> None:
        """Add a file, which goes with the next question."""
        for files in (self._attachments, self._waiting):
            files[:] = [one for one in files if describe(one) != describe(attachment)]
            files.append(attachment)

    def take(self, question: bytes) -> None:
        """Keep the question. Raises a Failure."""
        conversations = self._engine.conversations
        if not self._conversation:
            self._conversation = conversations.create().id
        self._question = conversations.append(self._conversation, question, self._waiting)
        self._waiting.clear()

    def answer(self, model: str, overflow: Overflow) -> ConversationAnswer:
        """Have the question answered."""
        return self._engine.conversations.answer(
            self._conversation,
            self._question.id if self._question is not None else "",
            model=model,
            overflow=overflow,
            language="en",
        )

    def keep(self, _answer: bytes, dropped_turns: int, /) -> None:
        """Note that there is an answer; the engine keeps it."""
        self._is_empty = False
        if dropped_turns:
            self._waiting = list(self._attachments)

    def clear(self) -> None:
        """Begin a new conversation; this one stays kept."""
        self._conversation, self._question, self._is_empty = "", None, True
        self._attachments.clear()
        self._waiting.clear()

    def as_markdown(self) -> bytes:
        """Return the conversation as a Markdown document that can be imported. Raises a Failure."""
        files = self._engine.conversations.files
        return b"".join(files.export([self._conversation], ExportFormat.MARKDOWN))
