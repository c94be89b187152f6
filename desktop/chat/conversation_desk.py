"""What happens in the open conversation: it is read, asked in, edited, its branches switched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from desktop.background.jobs import Background, Job
from desktop.chat.answering import Answering, AnswerWish, RunningAnswer
from desktop.chat.naming import Naming
from rpc.chat import Attachment, Overflow, Speaker
from rpc.client import Limpet
from rpc.conversation_records import BranchWindow, Conversation, Message, MessageRemoval
from rpc.conversations import new_id
from rpc.failures import Failure

Result = TypeVar("Result")


class Question(msgspec.Struct, frozen=True):
    """What is sent; its id is made here, so that sending it again keeps it once."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    replaces: str = ""
    id: str = msgspec.field(default_factory=new_id)


class ConversationDesk(QObject):
    """One conversation at a time. Signals come in the window's thread; nothing here waits."""

    opened = Signal(object)
    shown = Signal(object)
    older = Signal(object)
    kept = Signal(object, object)
    not_kept = Signal(object, object)
    branched = Signal(str)
    answer_waits = Signal()
    answer_began = Signal(object)
    answer_grew = Signal(str)
    answer_ended = Signal(object, object)
    failed = Signal(object)
    changed = Signal(object)
    message_deleted = Signal(object, int)

    def __init__(
        self, background: Background, answering: Answering, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._answering = answering
        self._conversation: Conversation | None = None
        self._first_message = ""
        self._reading: Job | None = None
        self._sending: Question | None = None
        self._naming = Naming(background, answering, self)
        self._naming.named.connect(self.changed)
        self.model = ""
        self.language = ""
        answering.waiting.connect(self._answer_waits)
        answering.began.connect(self._answer_began)
        answering.grew.connect(self._answer_grew)
        answering.ended.connect(self._answer_ended)

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation; None while the first question of a new one is typed."""
        return self._conversation

    @property
    def answer(self) -> RunningAnswer | None:
        """The answer that is being written here."""
        open_one = self._conversation
        return self._answering.running(open_one.id) if open_one is not None else None

    def start_new(self) -> None:
        """Begin a conversation; the engine gets it with its first question."""
        self._forget_reading()
        self._conversation = None
        self._sending = None
        self.opened.emit(None)

    def open(self, conversation: str) -> None:
        """Read a conversation's last messages and show them."""
        self._forget_reading()
        self._reading = self._background.call(
            lambda limpet: limpet.conversations.window(conversation), self._show, self.failed.emit
        )

    def read_again(self) -> None:
        """Show what the engine has now."""
        if self._conversation is not None:
            self.open(self._conversation.id)

    def read_older(self) -> None:
        """Read the messages before those that are shown."""
        if self._conversation is None or not self._first_message:
            return
        conversation, before = self._conversation.id, self._first_message

        def done(window: BranchWindow) -> None:
            if self._conversation is not None and self._conversation.id == conversation:
                self._note_first(window.messages)
                self.older.emit(window)

        self._call(lambda limpet: limpet.conversations.window(conversation, before=before), done)

    def send(self, question: Question) -> None:
        """Keep a question and have it answered: `kept` or `not_kept` comes first."""
        if self._sending is not None:
            return
        self._sending = question
        conversation = self._conversation

        def work(limpet: Limpet) -> tuple[Conversation, Message]:
            content = question.text.encode("utf-8", "surrogatepass")
            there = conversation or limpet.conversations.create()
            if question.replaces:
                message = limpet.conversations.edit(
                    question.replaces, content, question.attachments, message_id=question.id
                )
            else:
                message = limpet.conversations.append(
                    there.id, content, question.attachments, message_id=question.id
                )
            return there, message

        def done(result: tuple[Conversation, Message]) -> None:
            self._take_kept(conversation, question, *result)

        def failed(failure: Failure) -> None:
            self._sending = None
            self.not_kept.emit(question, failure)

        self._background.call(work, done, failed)

    def ask(self, message: str = "", *, overflow: Overflow = Overflow.REFUSE) -> None:
        """Have the branch's last message answered, or an answer written beside `message`."""
        if self._conversation is None:
            return
        self._answering.ask(
            AnswerWish(
                self._conversation.id,
                message,
                self.model,
                overflow,
                "zh" if self.language == "zh" else "en",
            )
        )

    def ask_again(self) -> None:
        """Have the last question answered again, after a failure; what was written stays beside."""
        if self._conversation is None:
            return
        conversation = self._conversation.id

        def done(window: BranchWindow) -> None:
            self._show(window)
            if window.messages:
                last = window.messages[-1]
                if last.author is Speaker.ASSISTANT:
                    self.branched.emit(last.id)
                self.ask(last.id)

        self._call(lambda limpet: limpet.conversations.window(conversation), done)

    def stop(self) -> None:
        """Stop the answer that is being written here."""
        if self._conversation is not None:
            self._answering.stop(self._conversation.id)

    def select(self, message: str) -> None:
        """Show the branch through a message."""
        self._call(lambda limpet: limpet.conversations.select(message), lambda _: self.read_again())

    def delete_message(self, message: Message) -> None:
        """Take a message and what follows it out; it can be brought back."""

        def done(removal: MessageRemoval) -> None:
            self.message_deleted.emit(message, removal.removed)
            self.read_again()

        self._call(lambda limpet: limpet.conversations.delete_message(message.id), done)

    def undelete_message(self, message: Message) -> None:
        """Bring back what went with a message."""
        self._call(
            lambda limpet: limpet.conversations.undelete_message(message.id),
            lambda kept: self.open(kept.conversation),
        )

    def fetch(self, message: Message, done: Callable[[Message], None]) -> None:
        """Read a message with what is attached to it."""
        self._call(lambda limpet: limpet.conversations.message(message.id), done)

    def update(
        self,
        *,
        title: str | None = None,
        pinned: bool | None = None,
        archived: bool | None = None,
    ) -> None:
        """Change the open conversation."""
        if self._conversation is None:
            return
        name = self._conversation.id

        def done(conversation: Conversation) -> None:
            if self._conversation is not None and self._conversation.id == conversation.id:
                self._conversation = conversation
            self.changed.emit(conversation)

        self._call(
            lambda limpet: limpet.conversations.update(
                name, title=title, pinned=pinned, archived=archived
            ),
            done,
        )

    def _take_kept(
        self,
        asked_in: Conversation | None,
        question: Question,
        conversation: Conversation,
        message: Message,
    ) -> None:
        self._sending = None
        is_here = self._conversation is asked_in
        if is_here:
            self._conversation = conversation
            if question.replaces:
                self.branched.emit(question.replaces)
            self.kept.emit(question, message)
        self.changed.emit(conversation)
        self._answering.ask(
            AnswerWish(
                conversation.id,
                message.id,
                self.model,
                language="zh" if self.language == "zh" else "en",
            )
        )

    def _show(self, window: BranchWindow) -> None:
        self._reading = None
        is_other = self._conversation is None or self._conversation.id != window.conversation.id
        self._conversation = window.conversation
        self._note_first(window.messages)
        if is_other:
            self.opened.emit(window.conversation)
        running = self.answer
        if running is not None and running.message is not None:
            # What has come is newer than what the engine has saved.
            name = running.message.id
            kept = tuple(each for each in window.messages if each.id != name)
            window = msgspec.structs.replace(window, messages=kept)
        self.shown.emit(window)
        if running is not None:
            self.answer_waits.emit()
            if running.message is not None:
                self.answer_began.emit(running.message)
                self.answer_grew.emit(running.text)

    def _note_first(self, messages: Sequence[Message]) -> None:
        if messages:
            self._first_message = messages[0].id

    def _forget_reading(self) -> None:
        if self._reading is not None:
            self._reading.drop()
            self._reading = None

    def _is_open(self, conversation: str) -> bool:
        return self._conversation is not None and self._conversation.id == conversation

    def _answer_waits(self, conversation: str) -> None:
        if self._is_open(conversation):
            self.answer_waits.emit()

    def _answer_began(self, conversation: str, message: Message) -> None:
        if self._is_open(conversation):
            self.answer_began.emit(message)

    def _answer_grew(self, conversation: str, text: str) -> None:
        if self._is_open(conversation):
            self.answer_grew.emit(text)

    def _answer_ended(
        self, conversation: str, answer: RunningAnswer, failure: Failure | None
    ) -> None:
        if self._is_open(conversation):
            self.answer_ended.emit(answer, failure)

    def _call(self, work: Callable[[Limpet], Result], done: Callable[[Result], None]) -> None:
        self._background.call(work, done, self.failed.emit)
