"""A home of their own for the tests of the wire, and the real daemon in it."""

from __future__ import annotations

import os
import shutil
import tempfile
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


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home; its path is short, because a socket's path must be."""
    folder = Path(tempfile.mkdtemp(prefix="limpet-"))
    for name in [name for name in os.environ if name.startswith("LIMPET_")]:
        monkeypatch.delenv(name)
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("HOME", str(folder))
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
