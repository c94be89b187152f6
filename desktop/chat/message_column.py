"""The messages of a conversation, one below the other, and how they are scrolled."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.chat.message_card import MessageCard
from desktop.chat.prose_html import make_markdown
from rpc.conversation_records import Message

translate = QCoreApplication.translate
_NEAR_PIXELS = 40


class MessageColumn(QScrollArea):
    """Cards of messages. It follows what is written at its end, unless the user has scrolled up."""

    card_made = Signal(object)
    older_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._markdown = make_markdown()
        self._cards: list[MessageCard] = []
        self._follows = True
        self._kept_from_end: int | None = None
        self.setObjectName("messages")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(translate("chat", "Messages"))
        self._content = QWidget()
        self._content.setObjectName("messagesContent")
        self._outer = QVBoxLayout(self._content)
        self._column = QVBoxLayout()
        self._older = text_button(
            translate("chat", "Show earlier messages"), self.older_wanted.emit, kind="quiet"
        )
        self._lay_out()
        self._latest = text_button(
            translate("chat", "Jump to the latest"), self.follow, kind="floating", parent=self
        )
        self._latest.hide()
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._note_scrolling)
        bar.rangeChanged.connect(self._keep_place)

    @property
    def cards(self) -> tuple[MessageCard, ...]:
        """The cards, from above."""
        return tuple(self._cards)

    def show_messages(self, messages: list[Message], *, has_older: bool) -> None:
        """Show these messages in place of what was there."""
        self.setUpdatesEnabled(False)
        self.cut(0)
        for message in messages:
            self._insert(len(self._cards), message)
        self._older.setVisible(has_older)
        self._mark_last()
        self.setUpdatesEnabled(True)
        self.follow()

    def show_older(self, messages: list[Message], *, has_older: bool) -> None:
        """Show messages above those that are there; what the user reads stays where it is."""
        bar = self.verticalScrollBar()
        self._kept_from_end = bar.maximum() - bar.value()
        self._follows = False
        for number, message in enumerate(messages):
            self._insert(number, message)
        self._older.setVisible(has_older)

    def append(self, message: Message) -> MessageCard:
        """Show one more message at the end."""
        card = self._insert(len(self._cards), message)
        self._mark_last()
        return card

    def cut(self, count: int) -> None:
        """Take all cards off but the first `count`."""
        for card in self._cards[count:]:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        del self._cards[count:]

    def position_of(self, message: str) -> int | None:
        """Return the number of the card that shows this message."""
        return next((at for at, card in enumerate(self._cards) if card.message.id == message), None)

    def reveal(self, message: str) -> bool:
        """Scroll to a message and give its card the focus; False where it is not shown."""
        at = self.position_of(message)
        if at is None:
            return False
        self._follows = False
        self._outer.activate()
        self.ensureWidgetVisible(self._cards[at], 0, self.viewport().height() // 3)
        self._cards[at].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def reveal_place(self, widget: QWidget, place: QRect) -> None:
        """Scroll to a place within a block."""
        self._follows = False
        above = widget.mapTo(self._content, place.topLeft()).y()
        self.verticalScrollBar().setValue(above - self.viewport().height() // 3)

    def follow(self) -> None:
        """Go to the end and stay there while it grows."""
        self._follows = True
        self._kept_from_end = None
        self._latest.hide()
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self._pad()
        for card in self._cards:
            card.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's own name
        """Keep the button above the end, and the end in view."""
        super().resizeEvent(event)
        self._pad()
        self._place_button()
        if self._follows:
            self.follow()

    def _lay_out(self) -> None:
        outer = self._outer
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._older)
        row.addStretch(1)
        self._older.hide()
        outer.addLayout(row)
        outer.addLayout(self._column)
        outer.addStretch(1)
        self.setWidget(self._content)

    def _pad(self) -> None:
        """Keep lines short enough to read, in the middle of a wide window."""
        theme = self._look.theme
        spare = (self.viewport().width() - theme.sizes.column) // 2
        side = max(theme.units(6), spare)
        self._column.setContentsMargins(side, theme.units(4), side, theme.units(6))
        self._column.setSpacing(theme.units(2))

    def _insert(self, at: int, message: Message) -> MessageCard:
        card = MessageCard(self._look, self._markdown, message, self._content)
        self._cards.insert(at, card)
        self._column.insertWidget(at, card)
        card.show()
        self.card_made.emit(card)
        return card

    def _mark_last(self) -> None:
        for card in self._cards[-3:]:
            card.set_last(card is self._cards[-1])

    def _note_scrolling(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if self._kept_from_end is not None:
            return
        self._follows = bar.maximum() - value <= _NEAR_PIXELS
        self._latest.setVisible(not self._follows)
        self._place_button()

    def _keep_place(self, _least: int, most: int) -> None:
        bar = self.verticalScrollBar()
        if self._kept_from_end is not None:
            bar.setValue(most - self._kept_from_end)
            self._kept_from_end = None
        elif self._follows:
            bar.setValue(most)

    def _place_button(self) -> None:
        self._latest.adjustSize()
        view = self.viewport()
        self._latest.move(
            (view.width() - self._latest.width()) // 2,
            view.height() - self._latest.height() - self._look.theme.units(3),
        )
