"""One story with the real 0.5B model: asked, stopped, mended, applied, found, kept, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.chat.applying.diff_dialog import DiffDialog
from desktop.chat.code_block import CodeBlock
from rpc.client import Limpet
from rpc.conversation_records import ExportFormat, MessageState
from rpc.stopping import stop_engine
from tests.desktop.driver import Driver
from tests.end_to_end.test_real_model import HUB_FILE
from tests.rpc.real_engine import IMPATIENT

pytestmark = [pytest.mark.real_model, pytest.mark.timeout(900)]

# The bound for each wait: generous, since several programs may want the processor.
_SECONDS = 240.0
_SOURCE = b'''"""Finds things in lists."""


def search(items, wanted):
    for at, item in enumerate(items):
        if item == wanted:
            return at
    return None
'''
_MOST_TRIES = 5
_RENAME = "Rename the function search to find_first. Answer with the code of the whole file."


@pytest.fixture
def window(
    real_model_file: Path, home: Path, application: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Driver]:
    """A window whose engine has the real model."""
    file = home / "hub" / HUB_FILE
    file.parent.mkdir(parents=True)
    file.symlink_to(real_model_file)
    monkeypatch.setenv("HF_HUB_CACHE", str(home / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with Limpet.open("test") as limpet:
        limpet.models.download().result()
    driver = Driver(application, home)
    yield driver
    driver.close()
    stop_engine("test", grace_seconds=0, patience=IMPATIENT)


def test_a_day_with_the_real_model(window: Driver) -> None:
    _ask_and_stop(window)
    _edit(window)
    _regenerate(window)
    first = _open_id(window)
    window.app.parts.chat.start_new()
    _apply(window)
    second = _open_id(window)
    assert second != first
    _find(window, "find_first", second)
    _export(window, second)
    _delete_and_undo(window, second)


def _ask_and_stop(window: Driver) -> None:
    window.send("Write a long essay on sorting.")
    window.until(lambda: len(window.cards) == 2, "the answer begins", _SECONDS)
    desk = window.app.conversation_desk
    window.until(lambda: desk.answer is not None and len(desk.answer.text) > 20, "words", _SECONDS)
    window.press(Qt.Key.Key_Escape)
    _until_answered(window)
    assert window.cards[1].message.state == MessageState.PARTIAL
    assert window.texts[1]


def _edit(window: Driver) -> None:
    original = window.cards[0].message
    window.cards[0].edit_wanted.emit(original)
    window.app.parts.chat.view.composer.text.selectAll()
    window.send("What is two plus three? Answer with the number.")
    window.until(lambda: window.cards[0].message.id != original.id, "the new wording", _SECONDS)
    window.until(lambda: len(window.cards) == 2, "it is answered", _SECONDS)
    _until_answered(window)
    assert re.search("5|five", window.texts[1].lower())
    assert original.id in window.cards[0].message.alternatives


def _regenerate(window: Driver) -> None:
    """Ask for another answer: its sampling is free, so it may well be another one."""
    first = window.cards[1].message
    window.cards[1].regenerate_wanted.emit(first)
    window.until(
        lambda: len(window.cards) == 2 and window.cards[1].message.id != first.id,
        "another answer",
        _SECONDS,
    )
    _until_answered(window)
    assert window.cards[1].message.state == MessageState.COMPLETE
    assert first.id in window.cards[1].message.alternatives


def _apply(window: Driver) -> None:
    source = window.home / "search.py"
    source.write_bytes(_SOURCE)
    chat = window.app.parts.chat
    chat.attaching.attach([str(source)])
    window.until(lambda: chat.view.composer.attachments, "the file is attached")
    window.send(_RENAME)
    window.until(lambda: len(window.cards) == 2, "the answer begins", _SECONDS)
    _until_answered(window)
    for _ in range(_MOST_TRIES):
        if (code := _renamed_code(window)) is not None:
            break
        _regenerate(window)  # as a person would whom a small model has misunderstood
    assert code is not None, window.texts
    dialogs: list[DiffDialog] = []
    chat.actions_of_chat.diff_shown.connect(dialogs.append)
    code.apply_wanted.emit(code.source)
    window.until(lambda: dialogs, "the difference is shown")
    dialogs[0].agree()
    window.until(lambda: b"def find_first(" in source.read_bytes(), "the file is written")
    window.until(chat.toast.isVisible, "it can be undone")
    chat.toast.press()
    window.until(lambda: source.read_bytes() == _SOURCE, "the file is as it was")


def _renamed_code(window: Driver) -> CodeBlock | None:
    blocks = [block for block in window.cards[1].body.blocks if isinstance(block, CodeBlock)]
    return next((block for block in blocks if "def find_first(" in block.source), None)


def _find(window: Driver, words: str, conversation: str) -> None:
    search = window.app.parts.chat.list.search
    search.setText(words)
    window.until(lambda: set(window.listed_ids()) == {conversation}, f"{words} is found")
    search.clear()
    window.until(lambda: len(window.listed_ids()) == 2, "all are listed again")


def _export(window: Driver, conversation: str) -> None:
    file = window.home / "kept.md"
    window.app.parts.chat.actions_of_chat.export_to(conversation, str(file), ExportFormat.MARKDOWN)
    window.until(lambda: file.is_file() and _RENAME in file.read_text("utf-8"), "it is exported")
    assert window.texts[1] in file.read_text("utf-8")


def _delete_and_undo(window: Driver, conversation: str) -> None:
    said = window.texts
    window.app.list_desk.delete(conversation)
    window.until(lambda: conversation not in window.listed_ids(), "it is gone")
    assert window.cards == ()
    window.app.parts.chat.toast.press()
    window.until(lambda: conversation in window.listed_ids(), "it is back")
    window.app.conversation_desk.open(conversation)
    window.until(lambda: window.texts == said, "every word of it")


def _open_id(window: Driver) -> str:
    conversation = window.app.conversation_desk.conversation
    assert conversation is not None
    return conversation.id


def _until_answered(window: Driver) -> None:
    window.until(
        lambda: window.app.conversation_desk.answer is None, "the answer is whole", _SECONDS
    )
