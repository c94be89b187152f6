"""`limpet engine forget` deletes what was read of projects' files, and only that."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from engine.inference.language_model import Keeping
from engine.inference.parking.parking_lot import ParkedState
from engine.inference.parking.state_folder import StateFolder, state_files
from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, script

PARKED = ParkedState(array("i", range(200)), b"kv" * 500)


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home with a scripted model."""
    return make_home(lambda folder: script(folder, {"text": "a + b"}))


def states_of(home: LimpetHome) -> Path:
    return home.folder / "cache" / "limpet" / "states"


def keep(home: LimpetHome, *projects: str) -> None:
    """Keep a state of a file of each project in the folder of the commands."""
    folder = StateFolder(states_of(home), model="model", limit_bytes=1 << 20)
    for name in projects:
        project = home.work / name
        project.mkdir(exist_ok=True)
        assert folder.save(PARKED, Keeping(str(project.resolve()), "a.py"))


def test_one_project_is_forgotten(home: LimpetHome) -> None:
    keep(home, "one", "two")
    told = home.run("engine", "forget", "one", "--json").object
    assert told["files"] == 1
    assert told["freed_bytes"] > len(PARKED.state)
    assert len(list(state_files(states_of(home)))) == 1


def test_all_are_forgotten(home: LimpetHome) -> None:
    keep(home, "one", "two")
    assert "of 2 files" in home.run("engine", "forget", "--all").stdout
    assert list(state_files(states_of(home))) == []


def test_whose_must_be_said(home: LimpetHome) -> None:
    keep(home, "one")
    assert home.run("engine", "forget").code == 2
    assert home.run("engine", "forget", "one", "--all").code == 2
    assert len(list(state_files(states_of(home)))) == 1
