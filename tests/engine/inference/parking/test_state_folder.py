"""States on the disk: what is believed, what is deleted, and who may read them."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.inference.language_model import Keeping
from engine.inference.parking.parking_lot import ParkedState
from engine.inference.parking.state_folder import (
    MOST_AGE_SECONDS,
    Forgotten,
    StateFolder,
    forget,
    state_files,
)

PARKED = ParkedState(array("i", range(200)), b"kv" * 500)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def keeping(project: Path) -> Keeping:
    return Keeping(str(project), "a.py")


def folder_of(tmp_path: Path, model: str = "model", limit: int = 1 << 20) -> StateFolder:
    return StateFolder(tmp_path / "states", model=model, limit_bytes=limit)


def only_file(tmp_path: Path) -> Path:
    (path,) = state_files(tmp_path / "states")
    return path


def test_a_state_comes_back(tmp_path: Path, keeping: Keeping) -> None:
    assert folder_of(tmp_path).save(PARKED, keeping)
    assert folder_of(tmp_path).load(keeping) == PARKED


def test_only_the_user_may_read_it_and_no_name_tells_of_the_project(
    tmp_path: Path, keeping: Keeping
) -> None:
    previous = os.umask(0)
    try:
        folder_of(tmp_path).save(PARKED, keeping)
    finally:
        os.umask(previous)
    path = only_file(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent.stat().st_mode & 0o777 == 0o700
    assert "project" not in str(path.relative_to(tmp_path))


def test_another_model_or_file_gets_nothing(tmp_path: Path, keeping: Keeping) -> None:
    folder_of(tmp_path).save(PARKED, keeping)
    assert folder_of(tmp_path, model="other").load(keeping) is None
    assert folder_of(tmp_path).load(Keeping(keeping.project, "b.py")) is None
    assert folder_of(tmp_path).load(keeping) == PARKED


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def turn_a_bit_of_the_state(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def turn_a_bit_of_a_token(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-len(PARKED.state) - 1] ^= 1
    path.write_bytes(content)


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def claim_a_huge_header(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[12:16] = b"\xff" * 4
    path.write_bytes(content)


def write_another_kind(path: Path) -> None:
    path.write_bytes(b"#!/bin/sh\n")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def open_to_others(path: Path) -> None:
    path.chmod(0o644)


def replace_by_a_link(path: Path) -> None:
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def replace_by_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


ODD = (
    cut,
    turn_a_bit_of_the_state,
    turn_a_bit_of_a_token,
    lengthen,
    claim_a_huge_header,
    write_another_kind,
    empty,
    open_to_others,
    replace_by_a_link,
    replace_by_a_pipe,
)


@pytest.mark.parametrize("spoil", ODD, ids=[each.__name__ for each in ODD])
def test_what_is_odd_is_deleted_and_not_believed(
    tmp_path: Path, keeping: Keeping, spoil: Callable[[Path], None]
) -> None:
    folder_of(tmp_path).save(PARKED, keeping)
    path = only_file(tmp_path)
    spoil(path)
    assert folder_of(tmp_path).load(keeping) is None
    assert not path.exists()
    assert not path.is_symlink()


def test_the_states_of_a_project_that_is_gone_go_too(
    tmp_path: Path, project: Path, keeping: Keeping
) -> None:
    folder = folder_of(tmp_path)
    folder.save(PARKED, keeping)
    other = Keeping(str(tmp_path), "b.py")
    project.rmdir()
    folder.save(PARKED, other)
    assert folder.load(keeping) is None
    assert folder.load(other) == PARKED


def test_what_was_not_used_for_long_goes(tmp_path: Path, keeping: Keeping) -> None:
    folder = folder_of(tmp_path)
    folder.save(PARKED, keeping)
    path = only_file(tmp_path)
    long_ago = time.time() - MOST_AGE_SECONDS - 60
    os.utime(path, (long_ago, long_ago))
    folder.tidy()
    assert not path.exists()


def test_the_oldest_make_room(tmp_path: Path, keeping: Keeping) -> None:
    folder = folder_of(tmp_path, limit=5000)
    others = [Keeping(keeping.project, name) for name in ("b.py", "c.py")]
    for age, each in enumerate((keeping, *others)):
        folder.save(PARKED, each)
        newest = max(state_files(tmp_path / "states"), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (1e9, time.time() - 1000 + age))
    assert folder.load(keeping) is None
    assert [folder.load(each) for each in others] == [PARKED, PARKED]


def test_forgetting(tmp_path: Path, project: Path, keeping: Keeping) -> None:
    folder = folder_of(tmp_path)
    beside = tmp_path / "project-two"
    beside.mkdir()
    inside = project / "part"
    inside.mkdir()
    other = Keeping(str(beside), "a.py")
    for each in (keeping, other, Keeping(str(inside), "a.py")):
        folder.save(PARKED, each)
    forgotten = forget(tmp_path / "states", str(project))
    assert forgotten.states == 2
    assert forgotten.bytes > 2 * len(PARKED.state)
    assert folder.load(other) == PARKED
    assert forget(tmp_path / "states").states == 1
    assert list(state_files(tmp_path / "states")) == []
    assert forget(tmp_path / "nothing") == Forgotten()


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_state(
    tmp_path: Path, keeping: Keeping
) -> None:
    (tmp_path / "states").write_text("a file where the folder should be")
    folder = folder_of(tmp_path)
    assert not folder.save(PARKED, keeping)
    assert folder.load(keeping) is None
