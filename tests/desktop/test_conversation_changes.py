"""Messages are deleted and brought back; the meter tells what a question would cost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]


def test_a_message_is_deleted_with_what_follows_and_brought_back(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("first")
    window.ask("second")
    window.cards[2].delete_wanted.emit(window.cards[2].message)
    window.until(lambda: window.texts == ["first", "an answer"], "both are gone")
    toast = window.app.parts.chat.toast
    window.until(toast.isVisible, "it can be undone")
    assert "2" in toast.text
    toast.press()
    window.until(lambda: len(window.cards) == 4, "both are back")


def test_the_meter_tells_what_a_question_costs(open_window: OpenWindow, home: Path) -> None:
    window = open_window({"text": "an answer"})
    composer = window.app.parts.chat.view.composer
    window.type("a question")
    window.until(composer.meter.isVisible, "the cost is told")
    alone = composer.meter.text()
    large = home / "large.py"
    large.write_text("value = 12345\n" * 3000)
    window.app.parts.chat.attaching.attach([str(large)])
    window.until(lambda: composer.meter.text() not in {alone, ""}, "the file is counted")
    assert composer.meter.property("kind") == "bad"
    menu = composer.meter.menu()
    assert menu is not None
    (take_off,) = (each for each in menu.actions() if "large.py" in each.text())
    take_off.trigger()
    window.until(lambda: composer.meter.text() == alone, "it costs what it did")
    assert composer.attachments == ()


def test_what_does_not_fit_is_refused_with_the_parts(open_window: OpenWindow, home: Path) -> None:
    window = open_window({"text": "an answer"})
    large = home / "large.py"
    large.write_text("value = 12345\n" * 3000)
    window.app.parts.chat.attaching.attach([str(large)])
    window.until(lambda: window.app.parts.chat.view.composer.attachments, "it is attached")
    window.send("what is this?")
    window.until(lambda: "large.py" in window.banner, "the refusal names the part")
    assert window.texts == ["what is this?"]
