"""Edits are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.chat.applying.file_edit import apply_edit, open_file, undo_edit
from rpc.failures import DocumentProblem, TextNotEncodable


def test_an_edit_and_its_undo(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"\xef\xbb\xbfx = 1\r\n")
    opened = open_file(str(path))
    edit = opened.edit(opened.text.replace("1", "2"))
    apply_edit(edit)
    assert path.read_bytes() == b"\xef\xbb\xbfx = 2\r\n"
    undo_edit(edit)
    assert path.read_bytes() == b"\xef\xbb\xbfx = 1\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.py", tmp_path / "link.py"
    target.write_text("x = 1\n")
    link.symlink_to(target)
    apply_edit(open_file(str(link)).edit("x = 2\n"))
    assert link.is_symlink()
    assert target.read_text() == "x = 2\n"


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    edit = open_file(str(path)).edit("x = 2\n")
    path.write_text("x = 3\n")
    with pytest.raises(DocumentProblem) as caught:
        apply_edit(edit)
    assert caught.value.reason == "DOCUMENT_CHANGED"
    assert path.read_text() == "x = 3\n"


def test_a_folder_that_cannot_be_written_leaves_the_file(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    edit = open_file(str(path)).edit("x = 2\n")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DocumentProblem):
            apply_edit(edit)
    finally:
        tmp_path.chmod(0o700)
    assert path.read_text() == "x = 1\n"


def test_a_text_that_the_encoding_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Grüße\n".encode("cp1252"))
    with pytest.raises(TextNotEncodable):
        open_file(str(path)).edit("二分\n")
