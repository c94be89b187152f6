"""A store that cannot be used, a paste of 20 MB, a folder with a named pipe: told, nothing lost."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData

from rpc.places import data_directory
from rpc.stopping import stop_engine
from tests.desktop.driver import Driver
from tests.rpc.real_engine import IMPATIENT

OpenWindow = Callable[..., Driver]
_QUESTION = "must not be lost"
# A person notices less; a window that takes this text into its field is busy far longer.
_FREEZE_SECONDS = 1.0


def _database() -> Path:
    return data_directory() / "conversations" / "conversations.sqlite3"


def _damage(database: Path) -> None:
    content = database.read_bytes()
    database.write_bytes(content[:100] + b"\xff" * (len(content) - 100))


def _write_newer_schema(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()


def _protect(database: Path) -> None:
    database.chmod(0o400)
    database.parent.chmod(0o500)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_damage, "damaged"),
        (_write_newer_schema, "newer engine"),
        pytest.param(
            _protect,
            "read-only",
            marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere"),
        ),
    ],
)
def test_a_store_that_cannot_be_used_is_told_and_the_question_stays(
    open_window: OpenWindow, harm: Callable[[Path], None], words: str
) -> None:
    window = open_window({"text": "an answer"})
    window.ask("first")
    window.close()
    stop_engine("test", grace_seconds=0, patience=IMPATIENT)
    database = _database()
    for leftover in database.parent.glob(f"{database.name}-*"):
        leftover.unlink()
    mode = database.parent.stat().st_mode
    harm(database)
    kept = database.read_bytes()
    again = open_window()
    again.send(_QUESTION)
    again.until(lambda: words in again.banner, "the trouble is told", seconds=60)
    assert again.composer_text == _QUESTION
    # What cannot be read is not thrown away either.
    assert any(each.read_bytes() == kept for each in database.parent.iterdir())
    database.parent.chmod(mode)


def test_a_paste_of_20_megabytes_neither_freezes_nor_enters_the_field(
    open_window: OpenWindow,
) -> None:
    window = open_window({"text": "an answer"})
    window.type("before")
    content = QMimeData()
    content.setText("a line of a log\n" * 1_250_000)
    began = time.monotonic()
    window.app.parts.chat.view.composer.text.insertFromMimeData(content)
    assert time.monotonic() - began < _FREEZE_SECONDS
    assert "20 million characters" in window.banner
    assert window.composer_text == "before"
    assert window.app.parts.chat.view.composer.attachments == ()


def test_a_folder_with_a_named_pipe_and_a_binary_is_searched_past_them(
    open_window: OpenWindow, home: Path
) -> None:
    folder = home / "shop"
    folder.mkdir()
    (folder / "tax.py").write_text("def sales_tax(cents):\n    return cents // 5\n")
    (folder / "sales_tax.bin").write_bytes(b"sales_tax \0\xff" * 100)
    os.mkfifo(folder / "sales_tax.py")
    window = open_window({"text": "an answer"})
    composer = window.app.parts.chat.view.composer
    window.type("How is the sales tax computed?")
    composer.paths_dropped.emit([str(folder)])
    window.until(lambda: composer.attachments, "the passage is attached")
    assert {each.path for each in composer.attachments} == {str(folder / "tax.py")}
    assert window.banner == ""
