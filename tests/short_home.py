"""A home of their own for tests, with a short path, because a socket's path must be."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest


def make_short_home(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is the home from now on; the caller removes it."""
    folder = Path(tempfile.mkdtemp(prefix="limpet-"))
    for name in [name for name in os.environ if name.startswith("LIMPET_")]:
        monkeypatch.delenv(name)
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("HOME", str(folder))
    return folder
