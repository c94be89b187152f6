"""One message in the window: what was said, what came with it, and what can be done with it."""

from __future__ import annotations

from datetime import UTC, datetime

from markdown_it import MarkdownIt
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.appearance.buttons import IconButton
from desktop.appearance.look import Look
from desktop.chat.attachment_chips import chip_text
from desktop.chat.message_body import MessageBody
from desktop.chat.message_notes import failure_note, figures_note
from rpc.chat import Speaker
from rpc.conversation_records import Message, MessageState
from rpc.visible_text import visible

translate = QCoreApplication.translate
_COPIED_MILLISECONDS = 1500
_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.OtherFocusReason,
}


class MessageCard(QFrame):
    """A message of the user, in a bubble on the right, or of the model, over the whole width."""

    edit_wanted = Signal(object)
    regenerate_wanted = Signal(object)
    branch_wanted = Signal(str)
    quote_wanted = Signal(str)
    save_wanted = Signal(object)
    delete_wanted = Signal(object)

    def __init__(
        self, look: Look, markdown: MarkdownIt, message: Message, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.message = message
        self._look = look
        self._is_writing = False
        self._is_last = False
        self.body = MessageBody(look, markdown, self, hugs=self.is_user)
        self._bubble = QFrame()
        self._note = QLabel()
        self._note.setObjectName("messageNote")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons: dict[str, IconButton] = {}
        self._branch = QLabel()
        self._branch.setObjectName("muted")
        self._figures = QLabel()
        self._figures.setObjectName("figures")
        self._actions = self._action_row()
        self._lay_out()
        self._describe()
        if message.content:
            self.body.add(message.text)
            if message.state is not MessageState.PARTIAL:
                self.body.end()

    @property
    def is_user(self) -> bool:
        """Whether the user said it."""
        return self.message.author is Speaker.USER

    def begin_writing(self) -> None:
        """Show that the answer is being written."""
        self._is_writing = True
        self._describe()

    def add(self, text: str) -> None:
        """Go on with the answer."""
        self.body.add(text)
        if self._note.isVisible():
            self._describe_note("")

    def finish(self, message: Message) -> None:
        """Take the answer as it is at its end."""
        self._is_writing = False
        self.message = message
        self.body.end()
        self._describe()

    def set_last(self, is_last: bool) -> None:
        """Show the actions all the time under the last message."""
        self._is_last = is_last
        self._show_actions(is_last)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self.body.restyle()

    def copy(self) -> None:
        """Put the whole message on the clipboard, as it was written."""
        QGuiApplication.clipboard().setText(self.message.text)
        button = self._buttons["copy"]
        button.set_icon("check", "accent")
        QTimer.singleShot(_COPIED_MILLISECONDS, button, lambda: button.set_icon("copy", "muted"))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's own name
        """Leave room beside the user's words, so that they stand apart from the answers."""
        super().resizeEvent(event)
        self._bubble.setMaximumWidth(event.size().width() * 5 // 6)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's own name
        """Show the actions under the pointer."""
        super().enterEvent(event)
        self._show_actions(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's own name
        """Hide them again."""
        super().leaveEvent(event)
        self._show_actions(self._is_last or self._has_focus())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's own name
        """Show the actions of the message that the keyboard has reached."""
        super().focusInEvent(event)
        self._show_reached(event.reason() in _BY_KEYBOARD)
        self._show_actions(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's own name
        """Hide them unless one of them has the focus now."""
        super().focusOutEvent(event)
        self._show_reached(False)
        self._show_actions(self._is_last or self._has_focus())

    def _lay_out(self) -> None:
        unit = self._look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(0, unit(1), 0, 0)
        column.setSpacing(unit(1))
        if not self.is_user:
            column.addWidget(self._note)
            column.addWidget(self.body)
            column.addWidget(self._actions)
            return
        bubble = self._bubble
        bubble.setObjectName("bubble")
        inside = QVBoxLayout(bubble)
        inside.setContentsMargins(unit(4), unit(2.5), unit(4), unit(2.5))
        inside.setSpacing(unit(2))
        if self.message.attachments:
            inside.addWidget(self._attachments())
        inside.addWidget(self.body)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addStretch(1)
        row.addWidget(bubble)
        column.addLayout(row)
        column.addWidget(self._note)
        column.addWidget(self._actions)

    def _attachments(self) -> QLabel:
        names = [
            chip_text(each.path, each.first_line, each.last_line)
            for each in self.message.attachments
        ]
        label = QLabel("\n".join(visible(name) for name in names))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName("muted")
        label.setAccessibleName(translate("chat", "Attached files"))
        return label

    def _action_row(self) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        if self.is_user:
            row.addStretch(1)
        names = {
            "left": translate("chat", "Earlier version"),
            "right": translate("chat", "Later version"),
            "copy": translate("chat", "Copy the message"),
            "edit": translate("chat", "Edit and ask again"),
            "regenerate": translate("chat", "Write another answer"),
            "quote": translate("chat", "Quote"),
            "save": translate("chat", "Save the message…"),
            "delete": translate("chat", "Delete the message and what follows"),
        }
        actions = {
            "left": lambda: self._switch(-1),
            "right": lambda: self._switch(1),
            "copy": self.copy,
            "edit": lambda: self.edit_wanted.emit(self.message),
            "regenerate": lambda: self.regenerate_wanted.emit(self.message),
            "quote": self._quote,
            "save": lambda: self.save_wanted.emit(self.message),
            "delete": lambda: self.delete_wanted.emit(self.message),
        }
        hidden = "regenerate" if self.is_user else "edit"
        for icon, name in names.items():
            if icon == hidden:
                continue
            self._buttons[icon] = IconButton(self._look, icon, name, actions[icon], pixels=16)
            row.addWidget(self._buttons[icon])
            if icon == "left":
                row.addWidget(self._branch)
        if not self.is_user:
            row.addSpacing(self._look.theme.units(2))
            # It gives way in a narrow window: the buttons are needed more.
            self._figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            row.addWidget(self._figures, 1)
        policy = widget.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        widget.setSizePolicy(policy)
        return widget

    def _describe(self) -> None:
        """Bring names, notes and figures up to date with the message."""
        message = self.message
        who = translate("chat", "You") if self.is_user else translate("chat", "Limpet")
        self.setAccessibleName(who)
        when = datetime.fromtimestamp(message.created_ms / 1000, UTC).astimezone()
        self.setToolTip(when.strftime("%Y-%m-%d %H:%M"))
        count, at = len(message.alternatives), 0
        if message.id in message.alternatives:
            at = message.alternatives.index(message.id)
        for name in ("left", "right"):
            self._buttons[name].setVisible(count > 1)
        self._branch.setVisible(count > 1)
        self._branch.setText(f"{at + 1}/{count}")
        self._buttons["left"].setEnabled(at > 0)
        self._buttons["right"].setEnabled(at < count - 1)
        self._figures.setText(figures_note(message.figures) if message.figures else "")
        if self._is_writing:
            self._describe_note(translate("chat", "Thinking…"))
        else:
            self._describe_note(failure_note(message))
        self._show_actions(self._is_last)

    def _describe_note(self, text: str) -> None:
        is_failure = bool(text) and not self._is_writing
        self._note.setProperty("kind", "failure" if is_failure else "")
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def _show_actions(self, is_shown: bool) -> None:
        self._actions.setVisible(is_shown and not self._is_writing)

    def _show_reached(self, is_reached: bool) -> None:
        """Mark the message that the keyboard has reached."""
        marked = self._bubble if self.is_user else self
        marked.setProperty("reached", is_reached)
        marked.style().unpolish(marked)
        marked.style().polish(marked)

    def _has_focus(self) -> bool:
        focused = QGuiApplication.focusObject()
        return isinstance(focused, QWidget) and self.isAncestorOf(focused)

    def _switch(self, step: int) -> None:
        others = self.message.alternatives
        self.branch_wanted.emit(others[others.index(self.message.id) + step])

    def _quote(self) -> None:
        self.quote_wanted.emit(self.message.text)
