"""What is told while tests are written: what was drafted and run, what is kept, dropped and why."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.code.step_words import step_lines
from desktop.code.tests_desk import TestsDesk
from rpc.test_writing import WritingEvent
from rpc.visible_text import visible

translate = QCoreApplication.translate


class TestsPanel(QWidget):
    """`save_wanted` brings the finished file of tests."""

    __test__ = False  # not a class of tests, whatever its name says to pytest

    save_wanted = Signal(object)

    def __init__(self, look: Look, desk: TestsDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side")
        self._desk = desk
        self._look = look
        self.steps = QPlainTextEdit()
        self.steps.setReadOnly(True)
        self.steps.setObjectName("steps")
        self.steps.setAccessibleName(translate("code", "Steps of writing tests"))
        self.status = QLabel()
        self.status.setObjectName("muted")
        self.status.setWordWrap(True)
        self._stop = text_button(translate("code", "Stop"), desk.stop)
        self.save = text_button(translate("code", "Save the tests"), self._save, kind="primary")
        self.save.hide()
        unit = look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(4), unit(3), unit(4), unit(3))
        column.addWidget(self.status)
        column.addWidget(self.steps, 1)
        row = QHBoxLayout()
        row.addWidget(self._stop)
        row.addStretch(1)
        row.addWidget(self.save)
        column.addLayout(row)
        desk.told.connect(self._tell)
        desk.ended.connect(self._end)
        look.changed.connect(self._restyle)
        self._restyle()

    def begin(self) -> None:
        """Be ready for the steps of a new writing."""
        self.steps.clear()
        self.save.hide()
        self._stop.show()
        self.status.setText(translate("code", "Writing tests…"))

    def _restyle(self) -> None:
        self.steps.setFont(self._look.code_font())

    def _save(self) -> None:
        if self._desk.finished is not None:
            self.save_wanted.emit(self._desk.finished)

    def _tell(self, event: WritingEvent) -> None:
        for line in step_lines(event):
            self.steps.appendPlainText(visible(line))

    def _end(self) -> None:
        self._stop.hide()
        end = self._desk.finished
        if end is None:
            self.status.setText(translate("code", "Stopped."))
            return
        words = translate(
            "code", "{0} tests; they run {1} of {2} lines and notice {3} of {4} changes."
        )
        self.status.setText(
            words.format(end.tests, end.covered_lines, end.lines, end.killed_mutants, end.mutants)
        )
        self.save.setVisible(bool(end.tests and end.text))
        self.save.setToolTip(visible(end.output_path))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        """Ask for a width that a line of a test fits."""
        hint = super().sizeHint()
        hint.setWidth(self._look.theme.units(90))
        return hint
