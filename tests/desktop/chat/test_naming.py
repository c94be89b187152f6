"""The model names conversations, whatever came between their first question and now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from rpc.client import Limpet
from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]
TITLE = {"when": "Write a title", "text": "Adding numbers"}
LONG = {"when": "long", "text": "word ", "repeat": 3000}


def until_named(window: Driver) -> None:
    window.until(lambda: "Adding numbers" in window.listed(), "the conversation is named")


def test_a_conversation_is_named_after_its_first_answer(open_window: OpenWindow) -> None:
    window = open_window(TITLE, {"text": "so"})
    window.ask("How do I add?")
    until_named(window)


def test_one_whose_first_answer_was_stopped_is_named(open_window: OpenWindow) -> None:
    window = open_window(TITLE, LONG, speed=200.0)
    window.send("a long one")
    desk = window.app.conversation_desk
    window.until(lambda: desk.answer is not None and desk.answer.text, "words come")
    window.press(Qt.Key.Key_Escape)
    until_named(window)


def test_one_of_an_earlier_window_is_named_after_its_next_answer(open_window: OpenWindow) -> None:
    window = open_window(TITLE, {"text": "so"})
    with Limpet.open("test") as limpet:
        talk = limpet.conversations.create().id
        limpet.conversations.append(talk, b"How do I add?")
        list(limpet.conversations.answer(talk))
    window.until(lambda: talk in window.listed_ids(), "the conversation is listed")
    window.app.conversation_desk.open(talk)
    window.until(lambda: len(window.cards) == 2, "the conversation is shown")
    window.ask("And two?")
    until_named(window)
