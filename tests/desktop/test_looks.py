"""Size, colours and language are applied at once, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton

from desktop.appearance.theme import Scheme
from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]


def test_language_changes_at_once_and_what_is_typed_stays(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("a question")
    window.type("half a thought")
    before = window.app.parts
    window.app.prefer(msgspec.structs.replace(window.app.preferences, language="zh"))
    window.until(lambda: window.app.parts is not before, "the window is made anew")
    window.until(lambda: len(window.cards) == 2, "the conversation is open again")
    composer = window.app.parts.chat.view.composer
    assert composer.text.placeholderText() == "询问代码问题…"
    window.until(lambda: window.composer_text == "half a thought", "what was typed is there")
    window.app.prefer(msgspec.structs.replace(window.app.preferences, language="en"))
    window.until(
        lambda: window.app.parts.chat.view.composer.text.placeholderText() == "Ask about code…",
        "English again",
    )


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("zoom", [100, 200])
def test_zoom_and_colours(open_window: OpenWindow, scheme: Scheme, zoom: int) -> None:
    window = open_window({"text": "word " * 300})
    window.ask("a question")
    app = window.app
    app.prefer(msgspec.structs.replace(app.preferences, scheme=scheme, zoom_percent=zoom))
    assert app.look.theme.is_dark is (scheme is Scheme.DARK)
    assert app.look.theme.sizes.text == 14 * zoom // 100
    column = app.parts.chat.view.column
    window.until(lambda: column.horizontalScrollBar().maximum() == 0, "nothing is cut at the right")
    window.until(
        lambda: column.verticalScrollBar().value() == column.verticalScrollBar().maximum(),
        "the end stays in view",
    )


def test_every_button_has_a_name(open_window: OpenWindow) -> None:
    window = open_window({"text": "```python\nx = 1\n```"})
    window.ask("a question")
    buttons = window.app.parts.window.findChildren(QAbstractButton)
    nameless = [
        button.objectName() or type(button).__name__
        for button in buttons
        if not (button.text() or button.accessibleName())
        # Qt's own: scroll bars, menus, the field's clear button.
        and (type(button).__module__.startswith("desktop") or isinstance(button, QToolButton))
        and not button.objectName().startswith("qt_")
        and button.parent().__class__.__module__.startswith("desktop")
    ]
    assert nameless == []


def test_the_tab_key_reaches_the_answer_and_its_actions(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("a question")
    reached: set[str] = set()
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"Limpet", "Write another answer", "Your question", "Chat"} <= reached


def test_scrolling_up_is_left_alone_while_the_answer_grows(open_window: OpenWindow) -> None:
    window = open_window({"text": "word word word\n\n", "repeat": 400}, speed=400.0)
    window.send("a question")
    column = window.app.parts.chat.view.column
    bar = column.verticalScrollBar()
    window.until(lambda: bar.maximum() > 300, "the answer is higher than the window")
    assert bar.value() == bar.maximum()
    bar.setValue(10)
    grown = bar.maximum()
    window.until(lambda: bar.maximum() > grown + 300, "the answer goes on")
    assert bar.value() == 10
    column.follow()
    window.until(lambda: bar.maximum() > grown + 600, "and on")
    assert bar.value() == bar.maximum()
    window.press(Qt.Key.Key_Escape)
    window.until_answered()
