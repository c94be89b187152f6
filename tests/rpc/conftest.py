"""A home of their own for the tests of the wire, and the real daemon in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.engine_start import COMMAND_VARIABLE
from rpc.places import runtime_directory
from rpc.stopping import stop_engine
from tests.engine.daemon.fake_engine import FOLDER_VARIABLE
from tests.rpc.real_engine import IMPATIENT, REPOSITORY, command
from tests.rpc.stand_in_engine import StandInEngine
from tests.short_home import make_short_home


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home; its path is short, because a socket's path must be."""
    folder = make_short_home(monkeypatch)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def runtime(home: Path) -> Path:
    """The runtime directory, already made."""
    folder = runtime_directory()
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def engine(runtime: Path) -> Iterator[StandInEngine]:
    """An engine within the test, running."""
    with StandInEngine(runtime) as engine:
        yield engine


@pytest.fixture
def limpet(engine: StandInEngine) -> Iterator[Limpet]:
    """A client of the engine within the test."""
    with Limpet.open("test", "1.2.3", start=False) as limpet:
        yield limpet


@pytest.fixture
def daemon(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let clients start the real daemon, whose tasks are fakes that obey the question."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv(FOLDER_VARIABLE, str(home))
    monkeypatch.setenv(COMMAND_VARIABLE, command("-m", "tests.engine.daemon.fake_engine"))
    yield
    stop_engine("test", grace_seconds=0, patience=IMPATIENT)
