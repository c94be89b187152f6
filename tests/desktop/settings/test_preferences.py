"""Preferences are kept whole, and damage costs only the preferences."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.appearance.theme import Scheme
from desktop.settings.commands import command_titles, read_command_keys
from desktop.settings.palette import matches
from desktop.settings.preferences import Preferences, PreferencesFile


def test_what_is_written_is_read(tmp_path: Path) -> None:
    wanted = Preferences(Scheme.DARK, "zh", 150, "model", list_shown=False, draft="草稿")
    file = PreferencesFile(tmp_path / "new")
    file.write(wanted)
    assert file.read() == wanted
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["desktop.json"]


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert PreferencesFile(tmp_path).read() == Preferences()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"zoom_percent": 5000}', b"\xff\xfe"])
def test_damage_is_set_aside(tmp_path: Path, content: bytes) -> None:
    file = PreferencesFile(tmp_path)
    file.path.write_bytes(content)
    assert file.read() == Preferences()
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == content


def test_a_newer_program_may_have_written_more(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path)
    file.path.write_text('{"scheme": "dark", "invented_later": 1}')
    assert file.read() == Preferences(Scheme.DARK)


def test_every_command_has_a_title_and_keys_are_given_once() -> None:
    commands = read_command_keys()
    assert {each.name for each in commands} <= set(command_titles())
    keys = [each.keys for each in commands if each.keys]
    assert len(keys) == len(set(keys))


def test_letters_in_their_order_find_a_command() -> None:
    assert matches("nc", "New conversation")
    assert matches("", "New conversation")
    assert not matches("vn", "New co")
