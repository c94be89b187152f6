"""The conversation of a terminal chat that nobody keeps: its turns, and files that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from command_line.attachments import describe
from rpc.chat import AnswerStream, Attachment, Overflow, Speaker, Turn
from rpc.client import Limpet

_HEADINGS = {Speaker.USER: "## Question", Speaker.ASSISTANT: "## Answer"}


class Conversation:
    """Turns that were answered, and attachments, which stay until the conversation is cleared."""

    def __init__(self, engine: Limpet, attachments: Sequence[Attachment] = ()) -> None:
        self._engine = engine
        self._question = b""
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

    def take(self, question: bytes) -> None:
        """Take the next question."""
        self._question = question

    def answer(self, model: str, overflow: Overflow) -> AnswerStream:
        """Have the question answered."""
        return self._engine.chat.ask(
            (*self._turns, Turn(Speaker.USER, self._question)),
            self.attachments,
            model=model,
            overflow=overflow,
            language="en",
        )

    def keep(self, answer: bytes, _dropped_turns: int, /) -> None:
        """Remember the question and its answer, a partial one too."""
        self._turns.append(Turn(Speaker.USER, self._question))
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
