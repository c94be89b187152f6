"""A folder is searched for what the question is about, and the passages come with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]


@pytest.fixture
def shop(home: Path) -> Path:
    folder = home / "shop"
    folder.mkdir()
    (folder / "tax.py").write_text('def sales_tax(cents):\n    """The tax."""\n    return cents\n')
    (folder / "mail.py").write_text("def send_letter(text):\n    return text\n")
    return folder


def test_passages_are_attached_and_kept_with_the_question(
    open_window: OpenWindow, shop: Path
) -> None:
    window = open_window({"text": "an answer"})
    composer = window.app.parts.chat.view.composer
    window.type("How is the sales tax computed?")
    composer.paths_dropped.emit([str(shop)])
    window.until(lambda: composer.attachments, "passages are attached")
    first = composer.attachments[0]
    assert (first.path, first.first_line) == (str(shop / "tax.py"), 1)
    assert b"sales_tax" in first.content
    assert str(shop / "mail.py") not in {each.path for each in composer.attachments}
    window.ask("")
    assert window.cards[0].message.attachments[0].path == str(shop / "tax.py")


def test_a_folder_needs_a_question_that_something_fits(open_window: OpenWindow, shop: Path) -> None:
    window = open_window({"text": "an answer"})
    composer = window.app.parts.chat.view.composer
    window.app.parts.chat.attaching.attach([str(shop)])
    window.until(lambda: "folder" in window.banner, "a question is wanted")
    window.type("zebra xylophone")
    window.app.parts.chat.attaching.attach([str(shop)])
    window.until(lambda: "Nothing in" in window.banner, "nothing fits")
    assert composer.attachments == ()
    assert composer.content == "zebra xylophone"
