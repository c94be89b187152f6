"""The list of what was found in the open file; a click goes there, a button applies a fix."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.code.findings_desk import FindingsDesk
from rpc.review import Confidence, Finding
from rpc.visible_text import visible

translate = QCoreApplication.translate


class FindingsList(QScrollArea):
    """`chosen` tells which one to show in the text, `fix_wanted` which one to mend."""

    chosen = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, look: Look, desk: FindingsDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._look = look
        self._desk = desk
        self._column = QVBoxLayout()
        unit = look.theme.units
        content = QWidget()
        content.setObjectName("side")
        whole = QVBoxLayout(content)
        whole.setContentsMargins(unit(4), unit(3), unit(4), unit(3))
        self.status = QLabel()
        self.status.setObjectName("muted")
        self.status.setWordWrap(True)
        whole.addWidget(self.status)
        self._column.setSpacing(unit(3))
        whole.addLayout(self._column)
        whole.addStretch(1)
        self.setWidget(content)
        desk.changed.connect(self.redraw)
        desk.ended.connect(self.redraw)

    def redraw(self) -> None:
        """Show what is found by now."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for finding in self._desk.findings:
            self._column.addWidget(self._row(finding))
        self.status.setText(self._status())

    def _status(self) -> str:
        count = len(self._desk.findings)
        if self._desk.is_running:
            return translate("code", "Looking for defects… {0} so far").format(count)
        words = translate("code", "Defects found: {0}").format(count)
        if not count:
            words = translate("code", "No defect found.")
        return "\n".join([words, *map(visible, self._desk.notes)])

    def _row(self, finding: Finding) -> QWidget:
        row = QFrame()
        row.setObjectName("finding")
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.theme.units(1))
        place = translate("code", "Line {0}").format(finding.start.line)
        heading = f"{place} · {confidence_word(finding.confidence)}"
        go = text_button(heading, lambda: self.chosen.emit(finding), kind="quiet")
        column.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(_words(finding.message))
        if finding.evidence:
            evidence = _words(finding.evidence)
            evidence.setObjectName("muted")
            column.addWidget(evidence)
        if finding.edit is not None:
            title = visible(finding.edit.title) or translate("code", "Apply the fix")
            fix = text_button(title, lambda: self.fix_wanted.emit(finding))
            column.addWidget(fix, 0, Qt.AlignmentFlag.AlignLeft)
        return row


def confidence_word(confidence: Confidence) -> str:
    """Return how sure a finding is, in the user's language."""
    return {
        Confidence.PROVED: translate("code", "proved"),
        Confidence.SETTLED: translate("code", "settled"),
        Confidence.CONFLICT: translate("code", "conflict"),
        Confidence.SUSPECTED: translate("code", "suspected"),
        Confidence.UNSPECIFIED: "",
    }[confidence]


def _words(text: str) -> QLabel:
    label = QLabel(visible(text))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
