"""The code view: one file, completed while it is typed, looked at for defects, and tested."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.appearance.look import Look
from desktop.background.jobs import Background
from desktop.chat.applying.file_edit import apply_edit
from desktop.code.code_actions import CodeActions
from desktop.code.code_file import CodeFile, read_code_file
from desktop.code.code_shell import CodeShell
from desktop.code.code_text import CodeText, find_units
from desktop.code.completion_desk import CompletionDesk
from desktop.code.findings_desk import FindingsDesk
from desktop.code.findings_list import FindingsList
from desktop.code.ghost import ghost_of
from desktop.code.marks import Mark
from desktop.code.questions import ask_for_consent, ask_to_save
from desktop.code.surroundings import language_of_path, project_of, units_before
from desktop.code.tests_desk import TestsDesk
from desktop.code.tests_panel import TestsPanel
from rpc.completion_session import SessionSuggestion, Trigger
from rpc.failures import Failure
from rpc.review import Finding, Severity
from rpc.test_placing import put_in_place
from rpc.test_writing import WritingFinished, WritingWish
from rpc.text_units import utf16_units
from rpc.visible_text import visible

translate = QCoreApplication.translate
_COLOURS = {
    Severity.ERROR: "danger",
    Severity.WARNING: "warning",
    Severity.NOTE: "muted",
    Severity.UNSPECIFIED: "muted",
}


class CodePage(CodeShell):
    """`title_changed` tells the file's name, `ask_wanted` a place to be asked about in the chat."""

    title_changed = Signal(str)
    ask_wanted = Signal(str)

    def __init__(
        self,
        look: Look,
        background: Background,
        language: str = "en",
        parent: QWidget | None = None,
    ) -> None:
        self.completion = CompletionDesk(background)
        self.findings = FindingsDesk(background)
        self.tests = TestsDesk(background)
        self.text = CodeText(look)
        self.findings_list = FindingsList(look, self.findings)
        self.tests_panel = TestsPanel(look, self.tests)
        super().__init__(look, self.text, (self.findings_list, self.tests_panel), parent)
        self.actions_of_code = CodeActions(look, background, self.text, language, self)
        self.add_panel(self.actions_of_code.panel)
        self._background = background
        self._file: CodeFile | None = None
        self._consented: set[str] = set()
        for desk in (self.completion, self.findings, self.tests):
            desk.setParent(self)
        self._connect()
        self._show_file()

    @property
    def path(self) -> str:
        """The open file's path; empty where none is open."""
        return self._file.path if self._file is not None else ""

    @property
    def is_changed(self) -> bool:
        """Whether something is not saved."""
        return self._file is not None and self.text.document().isModified()

    def choose_file(self) -> None:
        """Ask which file to open."""
        dialog = QFileDialog(self, translate("code", "Open a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open)
        dialog.open()

    def open(self, path: str, line: int = 0) -> None:
        """Open a file, once what is not saved of another one is dealt with."""
        if self.is_changed and path != self.path:
            self.ask_to_save(lambda: self.open(path, line))
            return
        absolute = str(Path(path).absolute())
        self._background.run(
            lambda: read_code_file(absolute), lambda file: self._opened(file, line), self.fail
        )

    def ask_to_save(self, then: Callable[[], object]) -> None:
        """Ask what becomes of the changes, then go on."""
        name = Path(self.path).name
        ask_to_save(self, name, self.save, lambda: self._give_up(then))

    def carry_over(self, other: CodePage) -> None:
        """Go on with what another page has open, saved or not."""
        if other._file is None:
            return
        self._opened(other._file, 0)
        self.text.go_to(other.text.caret)
        if other.is_changed:
            self.text.replace(0, utf16_units(self.text.text), other.text.text)
            self.text.go_to(other.text.caret)

    def save(self) -> bool:
        """Write the text into the file; False where that was not possible."""
        if self._file is None:
            return True
        text = self.text.text
        try:
            edit = self._file.edit(text)
            apply_edit(edit)
        except Failure as failure:
            self.fail(failure)
            return False
        self._file = self._file.saved(edit, text)
        self.text.document().setModified(False)
        self.completion.saved()
        return True

    def review(self) -> None:
        """Look for defects."""
        if self._file is not None:
            self.show_side(self.findings_list)
            self.findings.review(self.path, self.text.text)

    def write_tests(self) -> None:
        """Write tests for the file's functions."""
        if self._file is None:
            return
        project = project_of(self.path)
        self.show_side(self.tests_panel)
        self.tests.stop()
        self.tests_panel.begin()
        self.tests.write(
            WritingWish(
                path=self.path,
                text=self.text.text.encode("utf-8", "replace"),
                project_folder=project,
                consents_to_run=project in self._consented,
            )
        )

    def ask(self) -> None:
        """Ask about the selected lines, or the whole file, in the chat."""
        if self._file is None:
            return
        cursor = self.text.textCursor()
        place = self.path
        if cursor.hasSelection():
            document = self.text.document()
            first = document.findBlock(cursor.selectionStart()).blockNumber() + 1
            last = document.findBlock(max(cursor.selectionEnd() - 1, 0)).blockNumber() + 1
            place += f":{first}-{last}"
        self.ask_wanted.emit(place)

    def fail(self, failure: Failure) -> None:
        """Say what went wrong."""
        self.banner.tell(visible(failure.message), visible(failure.advice))

    def close_session(self) -> None:
        """Stop everything that the engine does for this view."""
        self.completion.close()
        self.findings.stop()
        self.tests.stop()
        self.actions_of_code.desk.close()

    def _connect(self) -> None:
        self.files_wanted.connect(self.choose_file)
        self.file_dropped.connect(self.open)
        self.save_wanted.connect(self.save)
        self.review_wanted.connect(self.review)
        self.tests_wanted.connect(self.write_tests)
        self.question_wanted.connect(self.ask)
        self.text.edited.connect(self._edited)
        self.text.rested.connect(self.completion.moved)
        self.text.wanted.connect(lambda: self.completion.wish(self.text.caret, Trigger.MANUAL))
        self.text.unwanted.connect(self.completion.unwish)
        self.text.taken.connect(self.completion.accepted)
        self.text.modificationChanged.connect(lambda _: self._show_name())
        self.completion.suggested.connect(self._suggested)
        self.findings.changed.connect(self._mark_findings)
        self.findings.failed.connect(self.fail)
        self.findings_list.chosen.connect(self._go_to)
        self.findings_list.fix_wanted.connect(self._fix)
        self.tests.failed.connect(self.fail)
        self.tests.consent_needed.connect(self._ask_for_consent)
        self.tests_panel.save_wanted.connect(self._save_tests)
        actions = self.actions_of_code
        self.actions_wanted.connect(actions.open_menu)
        actions.panel_wanted.connect(lambda: self.show_side(actions.panel))
        actions.told.connect(self.toast.tell)
        actions.desk.failed.connect(self.fail)

    def _opened(self, file: CodeFile, line: int) -> None:
        self.close_session()
        self.findings.clear()
        self._file = file
        self.text.show_text(file.text, language_of_path(file.path))
        self.hide_side()
        self._show_file()
        if line:
            self.text.go_to(find_units(self.text.document(), line, 1))
        self.actions_of_code.open(file.path)
        self.completion.open(file.path, project_of(file.path), lambda: self.text.text)
        self.text.setFocus()

    def _show_file(self) -> None:
        self.show_body(has_file=self._file is not None)
        self._show_name()

    def _show_name(self) -> None:
        name = visible(Path(self.path).name)
        self.show_name(f"{name} •" if self.is_changed else name, visible(self.path))
        self.title_changed.emit(name)

    def _edited(self, start: int, removed: int, added: str) -> None:
        self.completion.changed(start, removed, added)
        if added or removed:
            self.completion.wish(self.text.caret)

    def _suggested(self, caret: int, found: tuple[SessionSuggestion, ...]) -> None:
        self.text.show_ghost(ghost_of(caret, found))

    def _mark_findings(self) -> None:
        document = self.text.document()
        self.text.marks.set(
            [
                Mark(
                    find_units(document, each.start.line, each.start.column),
                    find_units(document, each.end.line, each.end.column),
                    _COLOURS[each.severity],
                    visible(each.message),
                    each.fingerprint,
                )
                for each in self.findings.findings
            ]
        )

    def _go_to(self, finding: Finding) -> None:
        mark = self._mark_of(finding)
        if mark is not None:
            self.text.go_to(mark.start, mark.end)

    def _mark_of(self, finding: Finding) -> Mark | None:
        marks = (mark for mark in self.text.marks.all if mark.key == finding.fingerprint)
        return next(marks, None)

    def _fix(self, finding: Finding) -> None:
        """Write a finding's edit into the text; Ctrl+Z takes it back."""
        edit = finding.edit
        text = self.text.text.encode("utf-8", "replace")
        if edit is None or self._mark_of(finding) is None or edit.end > len(text):
            words = translate("code", "The code was changed here: look for defects again.")
            self.banner.tell(words, kind="warning")
            return
        start, end = (units_before(text, place) for place in (edit.start, edit.end))
        self.text.replace(start, end, edit.text.decode("utf-8", "replace"))
        self.findings.drop(finding)

    def _save_tests(self, end: WritingFinished) -> None:
        def saved(path: str) -> None:
            words = translate("code", "The tests are in {0}.").format(visible(path))
            self.toast.tell(words, translate("code", "Open"), lambda: self.open(path))

        self._background.run(lambda: str(put_in_place(end)), saved, self.fail)

    def _ask_for_consent(self) -> None:
        project = project_of(self.path)

        def allowed() -> None:
            self._consented.add(project)
            self.write_tests()

        ask_for_consent(self, project, allowed)

    def _give_up(self, then: Callable[[], object]) -> None:
        self.text.document().setModified(False)
        then()
