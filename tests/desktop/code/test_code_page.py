"""A file in the window: completed while it is typed, looked at, mended, tested, saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from desktop.code.code_page import CodePage
from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]
_ANSWER = {"when": r"total = $", "text": "a + b\n"}
_OTHER = {"when": "", "text": "\n"}


@pytest.fixture
def project(home: Path) -> Path:
    folder = home / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    return folder


def _open(driver: Driver, path: Path, text: str) -> CodePage:
    path.write_bytes(text.encode())
    page = driver.app.parts.code
    driver.app.parts.window.show_page("code")
    page.open(str(path))
    driver.until(lambda: page.path == str(path), "the file is open")
    return page


def _grey(page: CodePage) -> str:
    return page.text.ghost.text if page.text.ghost is not None else ""


def test_grey_text_comes_while_one_types_and_tab_takes_it(
    open_window: OpenWindow, project: Path
) -> None:
    driver = open_window(_ANSWER, _OTHER)
    page = _open(driver, project / "a.py", "def add(a, b):\n    total\n")
    page.text.go_to(len("def add(a, b):\n    total"))
    QTest.keyClicks(page.text, " = ")
    driver.until(lambda: _grey(page) == "a + b", "grey text")
    # Typing through keeps the rest, without waiting for the engine.
    QTest.keyClicks(page.text, "a")
    assert _grey(page) == " + b"
    QTest.keyClick(page.text, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert page.text.text == "def add(a, b):\n    total = a +\n"
    QTest.keyClick(page.text, Qt.Key.Key_Tab)
    assert page.text.text == "def add(a, b):\n    total = a + b\n"
    assert _grey(page) == ""


def test_escape_and_another_letter_take_grey_text_away(
    open_window: OpenWindow, project: Path
) -> None:
    driver = open_window(_ANSWER, _OTHER)
    page = _open(driver, project / "a.py", "total =")
    page.text.go_to(7)
    QTest.keyClicks(page.text, " ")
    driver.until(lambda: _grey(page) == "a + b", "grey text")
    QTest.keyClick(page.text, Qt.Key.Key_Escape)
    assert _grey(page) == ""
    QTest.keyClick(page.text, Qt.Key.Key_Backslash, Qt.KeyboardModifier.AltModifier)
    driver.until(lambda: _grey(page) == "a + b", "grey text by hand")
    QTest.keyClicks(page.text, "q")
    assert _grey(page) == ""
    assert page.text.text == "total = q"


def test_saving_leaves_what_was_not_touched_byte_for_byte(
    open_window: OpenWindow, project: Path
) -> None:
    driver = open_window(_OTHER)
    path = project / "a.txt"
    page = _open(driver, path, "one\r\ntwo\nthr\u00a0ee\r\n\r\nfour \U0001f41a")
    page.text.go_to(len("one\nt"))
    QTest.keyClicks(page.text, "x")
    page.save()
    assert path.read_bytes().decode() == "one\r\ntxwo\nthr\u00a0ee\r\n\r\nfour \U0001f41a"
    # What somebody else wrote meanwhile is not lost.
    path.write_text("other")
    QTest.keyClicks(page.text, "y")
    assert not page.save()
    assert path.read_text() == "other"
    assert page.banner.isVisible()


def test_defects_are_marked_listed_and_mended(open_window: OpenWindow, project: Path) -> None:
    driver = open_window(_OTHER)
    page = _open(driver, project / "a.py", "import os\n\n\ndef f(a=[]):\n    return a is 1\n")
    page.review()
    driver.until(lambda: not page.findings.is_running, "the review ends")
    assert page.findings.findings
    marks = page.text.marks.all
    assert len(marks) == len(page.findings.findings)
    finding = page.findings.findings[0]
    page.findings_list.chosen.emit(finding)
    assert page.text.textCursor().hasSelection()
    mendable = [each for each in page.findings.findings if each.edit is not None]
    for each in mendable:
        page.findings_list.fix_wanted.emit(each)
        assert each not in page.findings.findings


def test_what_is_not_saved_is_asked_about(open_window: OpenWindow, project: Path) -> None:
    driver = open_window(_OTHER)
    other = project / "b.py"
    other.write_text("b = 1\n")
    page = _open(driver, project / "a.py", "a = 1\n")
    QTest.keyClicks(page.text, "x")
    page.open(str(other))
    (box,) = page.findChildren(QMessageBox)
    assert "a.py" in box.text()
    save = next(each for each in box.buttons() if each.text() == "Save")
    QTest.mouseClick(save, Qt.MouseButton.LeftButton)
    driver.until(lambda: page.path == str(other), "the other file is open")
    assert (project / "a.py").read_text() == "xa = 1\n"


def test_selected_lines_go_to_the_chat(open_window: OpenWindow, project: Path) -> None:
    driver = open_window(_OTHER)
    page = _open(driver, project / "a.py", "a = 1\nb = 2\nc = 3\n")
    page.text.go_to(6, 12)
    page.ask()
    composer = driver.app.parts.chat.view.composer
    driver.until(lambda: composer.attachments, "it is attached")
    (attachment,) = composer.attachments
    assert (attachment.content, attachment.first_line) == (b"b = 2\n", 2)


def test_a_file_that_cannot_be_edited_is_told(open_window: OpenWindow, project: Path) -> None:
    driver = open_window(_OTHER)
    page = driver.app.parts.code
    driver.app.parts.window.show_page("code")
    (project / "old.txt").write_bytes(b"one\rtwo\r")
    for path in (project / "missing.py", project, project / "old.txt"):
        page.banner.hide()
        page.open(str(path))
        driver.until(page.banner.isVisible, f"{path} is refused")
    assert page.path == ""


def test_the_window_asks_before_unsaved_code_is_lost(
    open_window: OpenWindow, project: Path
) -> None:
    driver = open_window(_OTHER)
    page = _open(driver, project / "a.py", "a = 1\n")
    QTest.keyClicks(page.text, "x")
    window = driver.app.parts.window
    window.show_page("chat")
    window.close()
    assert window.isVisible()
    assert window.page == "code"
    _press(page, "Cancel")
    assert page.text.text == "xa = 1\n"
    window.close()
    _press(page, "Discard")
    driver.until(lambda: not window.isVisible(), "the window is closed")
    assert (project / "a.py").read_text() == "a = 1\n"


def test_another_language_of_the_window_keeps_unsaved_code(
    open_window: OpenWindow, project: Path
) -> None:
    driver = open_window(_OTHER)
    page = _open(driver, project / "a.py", "a = 1\n")
    QTest.keyClicks(page.text, "x")
    app = driver.app
    app.prefer(msgspec.structs.replace(app.preferences, language="zh"))
    driver.until(lambda: app.parts.code is not page, "the window is made anew")
    assert app.parts.code.text.text == "xa = 1\n"
    assert app.parts.code.is_changed
    assert app.parts.code.save()
    assert (project / "a.py").read_text() == "xa = 1\n"


def test_lines_are_numbered(open_window: OpenWindow, project: Path) -> None:
    driver = open_window(_OTHER)
    page = _open(driver, project / "a.py", "line\n" * 2000)
    numbers = page.text.numbers
    assert numbers.shown()[:2] == [(1, numbers.shown()[0][1]), (2, numbers.shown()[1][1])]
    narrow = numbers.width()
    page.open(str(project / "a.py"), 1500)
    driver.until(lambda: 1500 in dict(numbers.shown()), "the line is in sight")
    page.text.replace(0, 0, "line\n" * 9000)
    assert numbers.width() > narrow


def _press(page: CodePage, words: str) -> None:
    box = page.findChildren(QMessageBox)[-1]
    button = next(each for each in box.buttons() if each.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
