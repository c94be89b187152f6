"""A file and a line that are typed into the palette are opened in the code view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.code.typed_place import TypedPlace, typed_place
from tests.desktop.driver import Driver


@pytest.mark.parametrize(
    ("typed", "path", "line"),
    [
        ("app.py", "app.py", 0),
        (" app.py:2 ", "app.py", 2),
        ("app.py:2-3", "app.py", 2),
        ("odd:7", "odd:7", 0),
        ("deep/er.py:1", "deep/er.py", 1),
    ],
)
def test_files_that_exist_are_understood(tmp_path: Path, typed: str, path: str, line: int) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("app.py", "odd:7", "deep/er.py"):
        (tmp_path / name).write_text("one\ntwo\nthree\n")
    assert typed_place(typed, str(tmp_path)) == TypedPlace(str(tmp_path / path), line)
    absolute = typed.strip().replace(path, str(tmp_path / path), 1)
    assert typed_place(absolute, "/") == TypedPlace(str(tmp_path / path), line)


@pytest.mark.parametrize("typed", ["", " ", "new", ".", "a\0b", "x" * 5000, "~nobody-here/a", ":3"])
def test_other_letters_are_no_place(tmp_path: Path, typed: str) -> None:
    assert typed_place(typed, str(tmp_path)) is None


def test_the_palette_opens_a_file_at_a_line(open_window: Callable[..., Driver], home: Path) -> None:
    source = home / "app.py"
    source.write_text("one = 1\ntwo = 2\nthree = 3\n")
    window = open_window({"when": "", "text": "\n"})
    palette = window.app.parts.open_palette()
    palette.field.setText(f"{source}:2")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    code = window.app.parts.code
    window.until(lambda: code.path == str(source), "the file is open")
    assert window.app.parts.window.page == "code"
    assert code.text.textCursor().blockNumber() == 1
