"""Conversations in the window, with the real engine and a scripted model."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop.chat.code_block import CodeBlock
from rpc.conversation_records import MessageState
from rpc.places import data_directory
from tests.desktop.driver import Driver

OpenWindow = Callable[..., Driver]
ANSWER = "It is **so**:\n\n```python\ndef add(a, b):\n    return a + b\n```\n\nDone."
LONG = {"when": "long", "text": "word ", "repeat": 3000}


def test_an_answer_is_shown_as_it_was_written(open_window: OpenWindow) -> None:
    window = open_window({"text": ANSWER})
    window.ask("How do I add?")
    assert window.texts == ["How do I add?", ANSWER]
    assert window.composer_text == ""
    code = window.cards[1].body.blocks[1]
    assert isinstance(code, CodeBlock)
    assert code.source == "def add(a, b):\n    return a + b"
    window.until(window.listed_ids, "the conversation is listed")


def test_esc_stops_the_answer_and_keeps_what_came(open_window: OpenWindow) -> None:
    window = open_window(LONG, speed=200.0)
    window.send("a long one")
    window.until(lambda: len(window.cards) == 2, "the answer begins")
    answer = window.app.conversation_desk
    window.until(lambda: answer.answer is not None and answer.answer.text, "words come")
    window.press(Qt.Key.Key_Escape)
    window.until_answered()
    assert window.cards[1].message.state == "partial"
    assert window.cards[1].message.text.startswith("word")
    assert window.banner == ""


def test_regenerating_keeps_the_first_answer(open_window: OpenWindow) -> None:
    window = open_window({"text": "one answer"})
    window.ask("a question")
    first = window.cards[1].message
    window.cards[1].regenerate_wanted.emit(first)
    window.until(lambda: len(window.cards) == 2 and window.cards[1].message.id != first.id, "new")
    window.until_answered()
    assert first.id in window.cards[1].message.alternatives
    window.cards[1].branch_wanted.emit(first.id)
    window.until(lambda: window.cards[-1].message.id == first.id, "the first answer is back")


def test_editing_makes_a_branch(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("first wording")
    original = window.cards[0].message
    window.cards[0].edit_wanted.emit(original)
    assert window.composer_text == "first wording"
    window.app.parts.chat.view.composer.text.selectAll()
    window.send("second wording")
    window.until(lambda: window.texts[:1] == ["second wording"], "the new wording is shown")
    window.until(lambda: len(window.cards) == 2, "it is answered")
    window.until_answered()
    assert set(window.cards[0].message.alternatives) == {original.id, window.cards[0].message.id}


def test_search_finds_both_scripts(open_window: OpenWindow) -> None:
    window = open_window({"text": "这是二分查找的解释。"})
    window.ask("explain bisection")
    wanted = window.app.conversation_desk.conversation
    assert wanted is not None
    window.app.parts.chat.start_new()
    window.ask("something else")
    for words in ("bisection", "二分查找"):
        window.app.parts.chat.list.search.setText(words)
        window.until(lambda: set(window.listed_ids()) == {wanted.id}, f"{words} is found")
    window.app.parts.chat.list.search.clear()
    window.until(lambda: len(set(window.listed_ids())) == 2, "all are listed again")


def test_deleting_is_undone(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("keep me")
    chat = window.app.parts.chat
    conversation = window.app.conversation_desk.conversation
    assert conversation is not None
    window.until(lambda: window.listed_ids() == [conversation.id], "it is listed")
    window.app.list_desk.delete(conversation.id)
    window.until(lambda: not window.listed_ids(), "it is gone")
    assert window.cards == ()
    chat.toast.press()
    window.until(lambda: window.listed_ids() == [conversation.id], "it is back")


def test_drafts_stay_with_their_conversations(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("first")
    first = window.app.conversation_desk.conversation
    assert first is not None
    window.type("unfinished thought")
    window.app.parts.chat.start_new()
    assert window.composer_text == ""
    window.type("for a new one")
    window.app.conversation_desk.open(first.id)
    window.until(lambda: window.composer_text == "unfinished thought", "the draft is back")
    window.app.parts.chat.start_new()
    assert window.composer_text == "for a new one"
    window.close()
    again = open_window()
    again.until(lambda: again.composer_text == "for a new one", "the draft of before")
    again.app.conversation_desk.open(first.id)
    again.until(lambda: again.composer_text == "unfinished thought", "kept by the engine")


def test_two_conversations_are_answered_at_once(open_window: OpenWindow) -> None:
    window = open_window(LONG, {"text": "short"}, speed=300.0)
    window.send("a long one")
    window.until(lambda: len(window.cards) == 2, "the long answer begins")
    slow = window.app.conversation_desk.conversation
    assert slow is not None
    window.app.parts.chat.start_new()
    window.ask("a brief one")
    assert window.texts == ["a brief one", "short"]
    assert window.app.answering.running(slow.id) is not None
    window.app.conversation_desk.open(slow.id)
    window.until(lambda: len(window.cards) == 2 and window.texts[0] == "a long one", "back there")
    window.press(Qt.Key.Key_Escape)
    window.until_answered()
    assert window.texts[1].startswith("word word")


def test_an_engine_that_dies_costs_no_message(open_window: OpenWindow) -> None:
    window = open_window({"when": "long", "text": "word ", "repeat": 2000}, speed=400.0)
    window.send("a long one")
    window.until(lambda: len(window.cards) == 2, "the answer begins")
    desk = window.app.conversation_desk
    lengths: list[tuple[float, int]] = []
    desk.answer_grew.connect(
        lambda text: lengths.append(
            (time.monotonic(), sum(length for _, length in lengths[-1:]) + len(text))
        )
    )
    window.until(lambda: lengths and lengths[-1][0] > lengths[0][0] + 2, "words come")
    os.kill(_engine_pid(window), signal.SIGKILL)
    window.until_answered()
    assert "engine" in window.banner
    assert window.cards[1].message.state is MessageState.FAILED
    desk.read_again()
    window.until(lambda: len(window.cards) == 2 and not window.cards[1].message.failure, "read")
    last = lengths[-1][0]
    before = [length for at, length in lengths if at <= last - 1]
    assert before
    assert len(window.texts[1]) >= before[-1]


def test_what_cannot_be_kept_stays_in_the_composer(open_window: OpenWindow) -> None:
    window = open_window({"text": "an answer"})
    window.ask("first")
    (database,) = (
        path
        for path in data_directory().rglob("*")
        if path.suffix in {".db", ".sqlite", ".sqlite3"}
    )
    blocker = sqlite3.connect(database, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    window.send("must not be lost")
    window.until(lambda: bool(window.banner), "the failure is told", seconds=60)
    assert window.composer_text == "must not be lost"
    blocker.execute("ROLLBACK")
    blocker.close()
    window.press(Qt.Key.Key_Return)
    window.until(lambda: len(window.cards) == 4, "it is kept and answered now")
    window.until_answered()
    assert window.texts[2] == "must not be lost"
    assert window.composer_text == ""


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("empty.py", b"", "empty"), ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0", "picture.png")],
)
def test_files_without_text_are_refused_in_words(
    open_window: OpenWindow, home: Path, name: str, content: bytes, words: str
) -> None:
    window = open_window({"text": "an answer"})
    (home / name).write_bytes(content)
    good = home / "good.py"
    good.write_text("x = 1\n")
    fifo = home / "pipe"
    os.mkfifo(fifo)
    window.app.parts.chat.attaching.attach([str(home / name), str(fifo), str(good), str(home)])
    window.until(lambda: bool(window.banner), "the refusal is told")
    assert words in window.banner
    assert "named pipe" in window.banner
    assert "folder" in window.banner
    attached = window.app.parts.chat.view.composer.attachments
    assert [each.path for each in attached] == [str(good)]


def test_code_is_applied_to_the_attached_file_and_taken_back(
    open_window: OpenWindow, home: Path
) -> None:
    window = open_window({"text": ANSWER})
    source = home / "sums.py"
    before = b"import os\r\n\r\ndef add(a, b):\r\n    return a - b\r\n\r\nprint(add(1, 2))\r\n"
    source.write_bytes(before)
    source.chmod(0o640)
    chat = window.app.parts.chat
    chat.attaching.attach([str(source)])
    window.until(lambda: bool(chat.view.composer.attachments), "the file is attached")
    window.ask("fix it")
    dialogs: list[object] = []
    chat.actions_of_chat.diff_shown.connect(dialogs.append)
    code = window.cards[1].body.blocks[1]
    assert isinstance(code, CodeBlock)
    code.apply_wanted.emit(code.source)
    window.until(lambda: bool(dialogs), "the difference is shown")
    dialogs[0].agree()  # type: ignore[attr-defined]
    after = before.replace(b"a - b", b"a + b")
    window.until(lambda: source.read_bytes() == after, "the file is written")
    assert source.stat().st_mode & 0o777 == 0o640
    window.until(chat.toast.isVisible, "it can be undone")
    chat.toast.press()
    window.until(lambda: source.read_bytes() == before, "the file is as it was")


def _engine_pid(window: Driver) -> int:
    pids: list[int] = []
    window.app.background.call(
        lambda limpet: limpet.engine.status().pid, pids.append, lambda failure: pids.append(0)
    )
    window.until(lambda: bool(pids), "the engine tells its process")
    return pids[0]
