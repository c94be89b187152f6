"""The conversation of a terminal chat: its turns and the files that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from command_line.attachments import describe
from rpc.chat import Attachment, Speaker, Turn

_HEADINGS = {Speaker.USER: "## Question", Speaker.ASSISTANT: "## Answer"}


class Conversation:
    """Turns that were answered, and attachments, which stay until the conversation is cleared."""

    def __init__(self, attachments: Sequence[Attachment] = ()) -> None:
        self._turns: list[Turn] = []
        self._attachments = list(attachments)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that go with every question."""
        return tuple(self._attachments)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered yet."""
        return not self._turns

    def attach(self, attachment: Attachment) -> None:
        """Add a file; the same place read again replaces what was there."""
        name = describe(attachment)
        self._attachments = [one for one in self._attachments if describe(one) != name]
        self._attachments.append(attachment)

    def with_question(self, question: bytes) -> tuple[Turn, ...]:
        """Return the turns to send for a question."""
        return (*self._turns, Turn(Speaker.USER, question))

    def keep(self, question: bytes, answer: bytes) -> None:
        """Remember a question and its answer, a partial one too."""
        self._turns.append(Turn(Speaker.USER, question))
        self._turns.append(Turn(Speaker.ASSISTANT, answer))

    def clear(self) -> None:
        """Forget everything."""
        self._turns.clear()
        self._attachments.clear()

    def as_markdown(self) -> bytes:
        """Return the conversation as a Markdown document, what was said byte for byte."""
        parts = [b"# Conversation with Limpet\n"]
        if self._attachments:
            parts.append("".join(f"- {describe(one)}\n" for one in self._attachments).encode())
        for turn in self._turns:
            parts.append(_HEADINGS[turn.speaker].encode() + b"\n")
            parts.append(turn.content.rstrip(b"\n") + b"\n")
        return b"\n".join(parts)
