"""Actions on selected code: explained, changed after a look at the difference, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from desktop.code.code_page import CodePage
from desktop.code.edit_dialog import EditDialog
from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]
_SHOP = "# 🐚 café\ndef price(cents):\n    return cents\n\n\ndef tax(cents):\n    return cents\n"
_ANSWERS: tuple[dict[str, object], ...] = (
    {"when": "slow please", "text": "a = 1\n", "repeat": 4000},
    {"when": "same please", "text": "def price(cents):\n    return cents\n```"},
    {"when": "Explain", "text": "It gives **cents**."},
    {"when": "def price", "text": "def price(cents):\n    return cents * 2\n```"},
    {"when": "", "text": "\n"},
)


@pytest.fixture
def opened(open_window: OpenWindow, home: Path) -> tuple[Driver, CodePage]:
    driver = open_window(*_ANSWERS, speed=400.0)
    path = home / "project" / "shop.py"
    path.parent.mkdir()
    path.write_text(_SHOP)
    driver.app.parts.window.show_page("code")
    page = driver.app.parts.code
    page.open(str(path))
    driver.until(lambda: page.actions_of_code.desk.actions, "the actions are known")
    start = _SHOP.index("def price") + 1  # the shell before it is two units
    page.text.go_to(start, start + len("def price(cents):\n    return cents"))
    return driver, page


def _choose(page: CodePage, title: str) -> None:
    menu = page.actions_of_code.open_menu()
    (entry,) = (each for each in menu.actions() if each.text() == title)
    entry.trigger()
    menu.close()


def _wish(driver: Driver, page: CodePage, words: str) -> None:
    _choose(page, "Edit…")
    driver.until(lambda: page.findChildren(QInputDialog), "what should change is asked")
    (dialog,) = page.findChildren(QInputDialog)
    dialog.setTextValue(words)
    dialog.accept()


def _difference(driver: Driver, page: CodePage) -> EditDialog:
    driver.until(lambda: page.findChildren(EditDialog), "the difference is shown")
    (dialog,) = page.findChildren(EditDialog)
    return dialog


def test_an_edit_is_shown_made_and_taken_back(opened: tuple[Driver, CodePage]) -> None:
    driver, page = opened
    _wish(driver, page, "Double it.")
    dialog = _difference(driver, page)
    assert page.text.text == _SHOP
    assert "cents * 2" in dialog.sides.new.toPlainText()
    dialog.accept()
    assert page.text.text == _SHOP.replace("return cents", "return cents * 2", 1)
    assert page.is_changed
    QTest.keyClick(page.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.text.text == _SHOP
    page.text.document().setModified(False)


def test_an_edit_of_other_code_is_not_made(opened: tuple[Driver, CodePage]) -> None:
    driver, page = opened
    _wish(driver, page, "Double it.")
    dialog = _difference(driver, page)
    page.text.replace(0, 0, "x = 1\n")
    dialog.accept()
    assert page.text.text == "x = 1\n" + _SHOP
    assert page.toast.isVisible()
    page.text.document().setModified(False)


def test_code_is_explained_beside_it(opened: tuple[Driver, CodePage]) -> None:
    driver, page = opened
    _choose(page, "Explain")
    panel = page.actions_of_code.panel
    driver.until(lambda: not page.actions_of_code.desk.is_running, "the explanation ends")
    assert panel.text == "It gives **cents**."
    assert panel.isVisible()
    assert not panel.stop.isVisible()
    assert page.text.text == _SHOP


def test_an_action_is_stopped(opened: tuple[Driver, CodePage]) -> None:
    driver, page = opened
    _wish(driver, page, "slow please")
    panel = page.actions_of_code.panel
    driver.until(lambda: panel.text, "the model writes")
    panel.stop.click()
    assert not page.actions_of_code.desk.is_running
    written = panel.text
    # An action of after is not mixed with what came late.
    _choose(page, "Explain")
    driver.until(lambda: not page.actions_of_code.desk.is_running, "the explanation ends")
    assert panel.text == "It gives **cents**."
    assert written.startswith("a = 1")
