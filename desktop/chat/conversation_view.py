"""The open conversation: its messages, what went wrong, and the composer."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.appearance.banner import Banner
from desktop.appearance.look import Look
from desktop.chat.answering import RunningAnswer
from desktop.chat.composer import Composer
from desktop.chat.conversation_desk import ConversationDesk, Question
from desktop.chat.failure_banner import show_failure
from desktop.chat.find_bar import FindBar
from desktop.chat.greeting import Greeting
from desktop.chat.message_card import MessageCard
from desktop.chat.message_column import MessageColumn
from rpc.conversation_records import BranchWindow, Conversation, KeptAttachment, Message
from rpc.failures import Cancelled, Failure

translate = QCoreApplication.translate


class ConversationView(QWidget):
    """Draws what the desk says and forwards what the user does."""

    link_wanted = Signal(str)
    save_wanted = Signal(str, str)
    open_wanted = Signal(str, str)
    apply_wanted = Signal(str, object)
    save_message_wanted = Signal(object)

    def __init__(self, look: Look, desk: ConversationDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self._writing: MessageCard | None = None
        self.column = MessageColumn(look, self)
        self.greeting = Greeting(look, self)
        self.find_bar = FindBar(look, lambda: self.column.cards, self)
        self.banner = Banner(look, self)
        self.composer = Composer(look, self)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect_desk()
        self._connect_own()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self._pad()
        self.column.restyle()

    def show_failure(self, failure: Failure) -> None:
        """Say what went wrong above the composer, with what can be done."""
        show_failure(self.banner, failure, self._desk)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        self._stack.addWidget(self.greeting)
        self._stack.addWidget(self.column)
        column.addWidget(self._stack, 1)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(self._look.theme.units(2))
        self._foot.addWidget(self.banner)
        self._foot.addWidget(self.composer)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(self._foot, 1000)
        row.addStretch(1)
        column.addLayout(row)
        self._pad()

    def _pad(self) -> None:
        theme = self._look.theme
        unit = theme.units
        self._foot.setContentsMargins(unit(4), 0, unit(4), unit(4))
        self.composer.setMaximumWidth(theme.sizes.column + unit(4))
        self.banner.setMaximumWidth(theme.sizes.column + unit(4))

    def _connect_desk(self) -> None:
        desk = self._desk
        desk.opened.connect(self._opened)
        desk.shown.connect(self._shown)
        desk.older.connect(self._older)
        desk.kept.connect(self._kept)
        desk.not_kept.connect(self._not_kept)
        desk.branched.connect(self._cut_at)
        desk.answer_waits.connect(self._answer_waits)
        desk.answer_began.connect(self._answer_began)
        desk.answer_grew.connect(self._answer_grew)
        desk.answer_ended.connect(self._answer_ended)
        desk.failed.connect(self.show_failure)

    def _connect_own(self) -> None:
        self.column.card_made.connect(self._connect_card)
        self.column.older_wanted.connect(self._desk.read_older)
        self.find_bar.reveal_wanted.connect(self.column.reveal_place)
        self.find_bar.closed.connect(self.composer.text.setFocus)
        self.composer.sent.connect(self._send)
        self.composer.stop_wanted.connect(self._desk.stop)
        self.greeting.picked.connect(self._begin_with)

    def _connect_card(self, card: MessageCard) -> None:
        card.edit_wanted.connect(self._edit)
        card.body.set_can_apply(bool(self._attached_above(card)))
        card.regenerate_wanted.connect(self._regenerate)
        card.branch_wanted.connect(self._desk.select)
        card.quote_wanted.connect(self.composer.quote)
        card.save_wanted.connect(self.save_message_wanted)
        card.delete_wanted.connect(self._delete)
        card.body.link_wanted.connect(self.link_wanted)
        card.body.save_wanted.connect(self.save_wanted)
        card.body.open_wanted.connect(self.open_wanted)
        card.body.apply_wanted.connect(
            lambda code: self.apply_wanted.emit(code, self._attached_above(card))
        )

    def _attached_above(self, card: MessageCard) -> tuple[KeptAttachment, ...]:
        """Return the files of the nearest question above a card that has some."""
        cards = self.column.cards
        at = cards.index(card) if card in cards else len(cards)
        return next(
            (each.message.attachments for each in cards[at::-1] if each.message.attachments), ()
        )

    def _send(self) -> None:
        composer = self.composer
        replaces = composer.editing.id if composer.editing is not None else ""
        composer.set_sending(True)
        self.banner.hide()
        self._desk.send(Question(composer.content, composer.attachments, replaces))

    def _begin_with(self, text: str) -> None:
        self.composer.text.set_text(text)
        self.composer.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit(self, message: Message) -> None:
        if message.attachments:
            self._desk.fetch(message, self.composer.start_editing)
        else:
            self.composer.start_editing(message)

    def _regenerate(self, message: Message) -> None:
        if self._desk.answer is None:
            self._cut_at(message.id)
            self.banner.hide()
            self._desk.ask(message.id)

    def _delete(self, message: Message) -> None:
        if self._desk.answer is None:
            self._desk.delete_message(message)

    def _opened(self, _conversation: Conversation | None) -> None:
        self._writing = None
        self.banner.hide()
        self.column.cut(0)
        self.composer.set_answering(False)
        self.composer.set_sending(False)
        self._stack.setCurrentWidget(self.greeting if _conversation is None else self.column)

    def _shown(self, window: BranchWindow) -> None:
        self._writing = None
        self.column.show_messages(list(window.messages), has_older=window.has_older)
        self._stack.setCurrentWidget(self.column if window.messages else self.greeting)

    def _older(self, window: BranchWindow) -> None:
        self.column.show_older(list(window.messages), has_older=window.has_older)

    def _kept(self, question: Question, message: Message) -> None:
        self.composer.set_sending(False)
        self.composer.accept_sent(question.text)
        self._stack.setCurrentWidget(self.column)
        self.column.append(message)
        self.column.follow()

    def _not_kept(self, _question: Question, failure: Failure) -> None:
        self.composer.set_sending(False)
        self.show_failure(failure)

    def _cut_at(self, message: str) -> None:
        at = self.column.position_of(message)
        if at is not None:
            self.column.cut(at)

    def _answer_waits(self) -> None:
        self.composer.set_answering(True)

    def _answer_began(self, message: Message) -> None:
        self._writing = self.column.append(message)
        self._writing.begin_writing()
        self._announce(translate("chat", "Limpet is answering"))

    def _answer_grew(self, text: str) -> None:
        if self._writing is not None:
            self._writing.add(text)

    def _answer_ended(self, answer: RunningAnswer, failure: Failure | None) -> None:
        self.composer.set_answering(False)
        message = answer.message_at_end(failure)
        if self._writing is not None and message is not None:
            self._writing.finish(message)
            self._announce(translate("chat", "The answer is complete"))
        self._writing = None
        if failure is not None and not isinstance(failure, Cancelled):
            self.show_failure(failure)

    def _announce(self, text: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
