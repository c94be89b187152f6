"""What the code view looks like: its tools, the editor, the panel beside it, and the empty page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.appearance.banner import Banner
from desktop.appearance.buttons import IconButton, text_button
from desktop.appearance.look import Look
from desktop.appearance.toast import Toast

translate = QCoreApplication.translate


class CodeShell(QWidget):
    """Tells which tool was used; what it does is the page's."""

    files_wanted = Signal()
    file_dropped = Signal(str)
    save_wanted = Signal()
    review_wanted = Signal()
    tests_wanted = Signal()
    question_wanted = Signal()
    actions_wanted = Signal()

    def __init__(
        self,
        look: Look,
        editor: QWidget,
        panels: Sequence[QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._look = look
        self._name = QLabel()
        self._tools: list[QWidget] = []
        self._side = QStackedWidget()
        self._body = QStackedWidget()
        self.banner = Banner(look)
        self.toast = Toast(look, self)
        for panel in panels:
            self._side.addWidget(panel)
        self._body.addWidget(self._empty())
        self._body.addWidget(self._split(editor))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._header())
        column.addWidget(self.banner)
        column.addWidget(self._body, 1)

    def show_body(self, *, has_file: bool) -> None:
        """Show the editor, or the page that offers to open a file."""
        self._body.setCurrentIndex(int(has_file))
        for tool in self._tools:
            tool.setVisible(has_file)

    def show_name(self, name: str, path: str) -> None:
        """Show which file is open."""
        self._name.setText(name)
        self._name.setToolTip(path)

    def add_panel(self, panel: QWidget) -> None:
        """Add what can be shown beside the editor."""
        self._side.addWidget(panel)

    def show_side(self, panel: QWidget) -> None:
        """Show a panel beside the editor."""
        self._side.setCurrentWidget(panel)
        self._side.show()

    def hide_side(self) -> None:
        """Show the editor alone."""
        self._side.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's own name
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's own name
        """Tell of the first file."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.file_dropped.emit(paths[0])

    def _header(self) -> QHBoxLayout:
        unit = self._look.theme.units
        row = QHBoxLayout()
        row.setContentsMargins(unit(4), unit(2), unit(3), unit(2))
        self._name.setObjectName("heading")
        row.addWidget(self._name, 1)
        for icon, words, signal in (
            ("save", translate("code", "Save"), self.save_wanted),
            ("warning", translate("code", "Find defects"), self.review_wanted),
            ("check", translate("code", "Write tests"), self.tests_wanted),
            ("edit", translate("code", "Change or explain this"), self.actions_wanted),
            ("chat", translate("code", "Ask about this"), self.question_wanted),
        ):
            self._tools.append(IconButton(self._look, icon, words, signal.emit))
            row.addWidget(self._tools[-1])
        words = translate("code", "Open a file")
        row.addWidget(IconButton(self._look, "folder", words, self.files_wanted.emit))
        return row

    def _split(self, editor: QWidget) -> QSplitter:
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(editor)
        splitter.addWidget(self._side)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 1)
        unit = self._look.theme.units
        splitter.setSizes([unit(160), unit(80)])
        self._side.hide()
        return splitter

    def _empty(self) -> QWidget:
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.addStretch(1)
        words = QLabel(
            translate("code", "Open a file to complete it while you type, find defects, test it.")
        )
        words.setObjectName("muted")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(words)
        open_one = translate("code", "Open a file…")
        button = text_button(open_one, self.files_wanted.emit, kind="primary")
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return page
