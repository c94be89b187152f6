"""What a terminal chat needs of its conversation, be it kept by the engine or not."""

from __future__ import annotations

from typing import Protocol

from rpc.chat import AnswerStream, Attachment, Overflow
from rpc.conversations import ConversationAnswer


class Talk(Protocol):
    """A conversation that goes on."""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that the conversation is about, until it is cleared."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered yet."""

    def attach(self, attachment: Attachment) -> None:
        """Add a file; the same place read again replaces what was there."""

    def take(self, question: bytes) -> None:
        """Take the next question. Raises a Failure where it cannot be kept."""

    def answer(self, model: str, overflow: Overflow) -> AnswerStream | ConversationAnswer:
        """Have the question answered."""

    def keep(self, answer: bytes, dropped_turns: int, /) -> None:
        """Take what has come as the answer, a partial one too."""

    def clear(self) -> None:
        """Begin a new conversation."""

    def as_markdown(self) -> bytes:
        """Return the conversation as a Markdown document. Raises a Failure."""
