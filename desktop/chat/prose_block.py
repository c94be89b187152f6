"""Shows a segment of prose: text that can be selected and links that are asked about."""

from __future__ import annotations

import math

from markdown_it import MarkdownIt
from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QTextCursor, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from desktop.appearance.look import CODE_FONTS, Look
from desktop.chat.prose_html import prose_html, prose_style
from desktop.chat.segments import Segment

_CODE_FAMILY = ", ".join(f"'{name}'" for name in CODE_FONTS) + ", monospace"


class ProseBlock(QTextBrowser):
    """A segment of prose, as high as its text; with `hugs` it wants only the width it needs."""

    link_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        markdown: MarkdownIt,
        parent: QWidget | None = None,
        *,
        hugs: bool = False,
    ) -> None:
        super().__init__(parent)
        self._hugs = hugs
        self._look = look
        self._markdown = markdown
        self._source: str | None = None
        self._natural_width = 0
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(lambda address: self.link_wanted.emit(address.toString()))
        self.restyle()

    def show_segment(self, segment: Segment) -> None:
        """Show this segment in place of the one before."""
        if segment.text == self._source:
            return
        self._source = segment.text
        self._draw(segment.text)

    def seal(self) -> None:
        """Take note that the segment is whole: nothing to do for prose."""

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self.document().setDefaultFont(self._look.text_font())
        self.document().setDefaultStyleSheet(prose_style(self._look.theme, _CODE_FAMILY))
        if self._source is not None:
            self._draw(self._source)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:  # noqa: N802 - Qt's own name
        """Load nothing, from nowhere: a message must not make this program open files."""
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's own name
        """Be as high as the text is at the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's own name
        """Leave scrolling to the conversation."""
        event.ignore()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        """Ask for no more than the text needs."""
        return QSize(self._natural_width, self.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        """Allow narrow windows."""
        return QSize(40, 0)

    def _draw(self, text: str) -> None:
        self.setHtml(prose_html(self._markdown, text))
        document = self.document()
        last = QTextCursor(document.lastBlock())
        written = last.blockFormat()
        written.setBottomMargin(0)
        last.setBlockFormat(written)
        if self._hugs:
            self.setLineWrapMode(QTextBrowser.LineWrapMode.NoWrap)
            self._natural_width = math.ceil(document.idealWidth()) + 1
            self.setLineWrapMode(QTextBrowser.LineWrapMode.WidgetWidth)
            self.updateGeometry()
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        height = math.ceil(self.document().size().height())
        if height != self.height():
            self.setFixedHeight(height)
