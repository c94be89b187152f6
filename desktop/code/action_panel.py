"""Shows what an action writes: an explanation as Markdown, an edit as code while it grows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.chat.code_files import ask_about_link
from desktop.chat.message_body import MessageBody
from desktop.chat.prose_html import make_markdown
from desktop.code.actions_desk import ActionsDesk
from rpc.visible_text import visible

translate = QCoreApplication.translate


class ActionPanel(QWidget):
    """One action's words; `text` is all that has come."""

    def __init__(self, look: Look, desk: ActionsDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self._look = look
        self._markdown = make_markdown()
        self._body: MessageBody | None = None
        self._is_code = False
        self.text = ""
        self.status = QLabel()
        self.status.setObjectName("muted")
        self.status.setWordWrap(True)
        self.stop = text_button(translate("code", "Stop"), desk.stop)
        self._content = QWidget()
        self._content.setObjectName("side")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("side")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._content)
        unit = look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(4), unit(3), unit(4), unit(3))
        head = QHBoxLayout()
        head.addWidget(self.status, 1)
        head.addWidget(self.stop)
        column.addLayout(head)
        column.addWidget(area, 1)
        desk.grew.connect(self._grow)
        desk.restarted.connect(self._restart)
        desk.ended.connect(self._end)
        look.changed.connect(self._restyle)

    def begin(self, title: str, language: str, *, is_code: bool) -> None:
        """Be ready for an action; `language` is the code's, by Pygments' name."""
        self._is_code = is_code
        self._language = language
        self.status.setText(visible(title))
        self.stop.show()
        self._clear()

    def _clear(self) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self.text = ""
        self._body = MessageBody(self._look, self._markdown, self._content)
        self._body.link_wanted.connect(lambda address: ask_about_link(self.window(), address))
        self._column.insertWidget(0, self._body)
        if self._is_code:
            self._body.add(f"``````{self._language}\n")

    def _grow(self, text: str) -> None:
        if self._body is not None:
            self.text += text
            self._body.add(text)

    def _restart(self, reason: str) -> None:
        self._clear()
        self.status.setText(visible(reason))

    def _end(self) -> None:
        self.stop.hide()
        if self._body is not None:
            self._body.end()

    def _restyle(self) -> None:
        if self._body is not None:
            self._body.restyle()
