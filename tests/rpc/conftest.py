"""A home of their own for the tests of the wire."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.places import runtime_directory


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home; its path is short, because a socket's path must be."""
    folder = Path(tempfile.mkdtemp(prefix="limpet-"))
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
