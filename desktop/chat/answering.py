"""Answers that are being written, in whichever conversation; a view may come and go meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import msgspec
from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background
from desktop.background.running_stream import RunningStream
from rpc.chat import AnswerBegan, AnswerFinished, AnswerText, Overflow
from rpc.client import Limpet
from rpc.conversation_records import AnswerKept, ConversationEvent, Message, MessageState
from rpc.conversations import ConversationAnswer
from rpc.failures import Cancelled, Failure


class AnswerWish(msgspec.Struct, frozen=True):
    """Which answer is wanted: to the branch's last message, or to `message`, or beside it."""

    conversation: str
    message: str = ""
    model: str = ""
    overflow: Overflow = Overflow.REFUSE
    language: Literal["en", "zh", ""] = ""


@dataclass
class RunningAnswer:
    """An answer that is being written; `message` is None until the prompt was accepted."""

    wish: AnswerWish
    stream: RunningStream | None = None
    message: Message | None = None
    prompt: AnswerBegan | None = None
    pieces: list[str] = field(default_factory=list)
    finished: AnswerFinished | None = None

    @property
    def text(self) -> str:
        """What has come so far."""
        return "".join(self.pieces)

    def message_at_end(self, failure: Failure | None) -> Message | None:
        """Return the message as the engine keeps it, or None where there never was one."""
        if self.message is None:
            return None
        state, sentence = MessageState.COMPLETE, ""
        if isinstance(failure, Cancelled):
            state = MessageState.PARTIAL
        elif failure is not None:
            state, sentence = MessageState.FAILED, failure.message
        return msgspec.structs.replace(
            self.message,
            content=self.text.encode("utf-8", "surrogatepass"),
            state=state,
            failure=sentence,
            figures=self.finished.figures if self.finished is not None else None,
        )


class Answering(QObject):
    """Asks for answers and tells how they grow. One at a time in each conversation."""

    waiting = Signal(str)
    began = Signal(str, object)
    grew = Signal(str, str)
    ended = Signal(str, object, object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._running: dict[str, RunningAnswer] = {}

    def running(self, conversation: str) -> RunningAnswer | None:
        """Return the answer that is being written in a conversation."""
        return self._running.get(conversation)

    @property
    def conversations(self) -> frozenset[str]:
        """The conversations in which an answer is being written."""
        return frozenset(self._running)

    def ask(self, wish: AnswerWish) -> None:
        """Have an answer written; `began`, `grew` and `ended` tell of it."""
        conversation = wish.conversation
        if conversation in self._running:
            return
        answer = self._running[conversation] = RunningAnswer(wish)

        def opening(limpet: Limpet) -> ConversationAnswer:
            return limpet.conversations.answer(
                conversation,
                wish.message,
                model=wish.model,
                overflow=wish.overflow,
                language=wish.language,
            )

        def batch(events: list[ConversationEvent]) -> None:
            self._take(answer, events)

        def ended(failure: Failure | None) -> None:
            del self._running[conversation]
            self.ended.emit(conversation, answer, failure)

        answer.stream = self._background.stream(opening, batch, ended)
        self.waiting.emit(conversation)

    def stop(self, conversation: str) -> None:
        """Stop the answer; what was written is kept."""
        answer = self._running.get(conversation)
        if answer is not None and answer.stream is not None:
            answer.stream.cancel()

    def _take(self, answer: RunningAnswer, events: list[ConversationEvent]) -> None:
        conversation = answer.wish.conversation
        grown: list[str] = []
        for event in events:
            match event:
                case AnswerKept(message, prompt):
                    answer.message, answer.prompt = message, prompt
                    self.began.emit(conversation, message)
                case AnswerText():
                    grown.append(event.text)
                case AnswerFinished():
                    answer.finished = event
        if grown:
            text = "".join(grown)
            answer.pieces.append(text)
            self.grew.emit(conversation, text)
