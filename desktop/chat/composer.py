"""Where a question is typed: its text, its files, the model, and the button that sends or stops."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.appearance.buttons import IconButton
from desktop.appearance.look import Look
from desktop.chat.attachment_chips import AttachmentChips
from desktop.chat.composer_text import ComposerText
from desktop.chat.context_meter import ContextMeter
from desktop.chat.model_picker import ModelPicker
from rpc.chat import Attachment
from rpc.conversation_records import Message

translate = QCoreApplication.translate


class Composer(QFrame):
    """Emits `sent` and keeps the text until `accept_sent` says that it is on the disk."""

    sent = Signal()
    stop_wanted = Signal()
    changed = Signal()
    files_wanted = Signal()
    paths_dropped = Signal(list)
    text_too_large = Signal(int)
    edit_cancelled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setAcceptDrops(True)
        self._look = look
        self._attachments: tuple[Attachment, ...] = ()
        self._editing: Message | None = None
        self._is_answering = False
        self._is_sending = False
        self.text = ComposerText(look, self)
        self.models = ModelPicker(look, self)
        self._chips = AttachmentChips(look, self)
        self._editing_row, self.meter = QWidget(), ContextMeter(self)
        self._send = IconButton(look, "send", translate("chat", "Send"), self._press)
        self._send.setObjectName("send")
        self._lay_out()
        self.text.textChanged.connect(self._text_changed)
        self.text.send_wanted.connect(self._press_send)
        self.text.stop_wanted.connect(self._escape)
        self.text.paste_too_large.connect(self.text_too_large)
        self.text.paths_pasted.connect(self.paths_dropped)
        self.text.large_paste.connect(self._attach_paste)
        self._chips.removed.connect(self._take_off)
        self.meter.take_off_wanted.connect(self._take_off)
        self._update_button()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that will go with the question."""
        return self._attachments

    @property
    def editing(self) -> Message | None:
        """The earlier message that is being written anew, if there is one."""
        return self._editing

    @property
    def content(self) -> str:
        """The typed text."""
        return self.text.toPlainText()

    def attach(self, attachments: Sequence[Attachment]) -> None:
        """Add files; one that is there already is taken anew."""
        places = {(each.path, each.first_line, each.last_line) for each in attachments}
        kept = [
            each
            for each in self._attachments
            if (each.path, each.first_line, each.last_line) not in places
        ]
        self._set_attachments((*kept, *attachments))

    def start(self, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """Begin with this text, in place of what is there."""
        self._end_editing()
        self.text.set_text(text)
        self._set_attachments(tuple(attachments))

    def start_editing(self, message: Message) -> None:
        """Begin with an earlier message, to ask it anew."""
        self._editing = message
        self._editing_row.show()
        self.text.set_text(message.text)
        attachments = [
            Attachment(each.path, each.content, each.first_line, each.last_line)
            for each in message.attachments
        ]
        self._set_attachments(tuple(attachments))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def quote(self, text: str) -> None:
        """Put a text that is answered to above what is typed."""
        quoted = "\n".join(f"> {line}" for line in text.strip().splitlines())
        self.text.set_text(f"{quoted}\n\n{self.content}")
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_answering(self, is_answering: bool) -> None:
        """Offer to stop the answer, or to send."""
        self._is_answering = is_answering
        self._update_button()

    def set_sending(self, is_sending: bool) -> None:
        """Keep from sending twice."""
        self._is_sending = is_sending
        self._update_button()

    def accept_sent(self, text: str) -> None:
        """Take out what is on the disk now; what was typed since then stays."""
        self._end_editing()
        if self.content.startswith(text):
            self.text.remember(text)
            self.text.set_text(self.content[len(text) :])
        self._set_attachments(())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's own name
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's own name
        """Attach the files that were dropped."""
        if paths := local_paths(event.mimeData()):
            event.acceptProposedAction()
            self.paths_dropped.emit(paths)

    def _lay_out(self) -> None:
        unit = self._look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(3), unit(2), unit(2), unit(2))
        column.setSpacing(unit(1))
        editing = QHBoxLayout(self._editing_row)
        editing.setContentsMargins(0, 0, 0, 0)
        label = QLabel(translate("chat", "You are editing an earlier message; it is kept as well."))
        label.setObjectName("muted")
        editing.addWidget(label, 1)
        editing.addWidget(
            IconButton(
                self._look,
                "close",
                translate("chat", "Stop editing"),
                self._cancel_editing,
                pixels=14,
            )
        )
        self._editing_row.hide()
        column.addWidget(self._editing_row)
        column.addWidget(self._chips)
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(unit(1))
        attach = translate("chat", "Attach files… (or drop them here)")
        row.addWidget(IconButton(self._look, "attach", attach, self.files_wanted.emit))
        row.addWidget(self.models)
        row.addStretch(1)
        row.addWidget(self.meter)
        row.addSpacing(unit(1))
        row.addWidget(self._send)
        column.addLayout(row)

    def _set_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        self._attachments = attachments
        self._chips.show_attachments(attachments)
        self._update_button()
        self.changed.emit()

    def _take_off(self, number: int) -> None:
        self._set_attachments(self._attachments[:number] + self._attachments[number + 1 :])

    def _attach_paste(self, text: str) -> None:
        content = text.encode("utf-8", "surrogatepass")
        number = sum(each.path.startswith("pasted") for each in self._attachments) + 1
        self.attach([Attachment(f"pasted-{number}.txt", content)])

    def _text_changed(self) -> None:
        self._update_button()
        self.changed.emit()

    def _press(self) -> None:
        if self._is_answering:
            self.stop_wanted.emit()
        else:
            self._press_send()

    def _press_send(self) -> None:
        if self._can_send():
            self.sent.emit()

    def _can_send(self) -> bool:
        return bool(self.content.strip()) and not self._is_answering and not self._is_sending

    def _escape(self) -> None:
        if self._is_answering:
            self.stop_wanted.emit()
        elif self._editing is not None:
            self._cancel_editing()

    def _cancel_editing(self) -> None:
        self._end_editing()
        self.text.set_text("")
        self._set_attachments(())
        self.edit_cancelled.emit()

    def _end_editing(self) -> None:
        self._editing = None
        self._editing_row.hide()

    def _update_button(self) -> None:
        if self._is_answering:
            self._send.set_icon("stop", "on_accent")
            self._send.rename(translate("chat", "Stop the answer (Esc)"))
            self._send.setEnabled(True)
        else:
            can_send = self._can_send()
            self._send.set_icon("send", "on_accent" if can_send else "faint")
            self._send.rename(translate("chat", "Send (Enter)"))
            self._send.setEnabled(can_send)


def local_paths(data: QMimeData) -> list[str]:
    """Return the local files among what was dropped or pasted."""
    return [address.toLocalFile() for address in data.urls() if address.isLocalFile()]
