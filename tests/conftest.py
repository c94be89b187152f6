"""What every test gets: a home of its own and, where it asks for it, the real model's file."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_XDG = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
}


@pytest.fixture(scope="session", autouse=True)
def home_of_the_tests() -> Iterator[Path]:
    """An empty home for the whole run, so that no test can touch the user's files or engine."""
    # Not pytest's own folder: a socket's path may have about 100 characters.
    home = Path(tempfile.mkdtemp(prefix="limpet-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        for variable, name in _XDG.items():
            folder = home / name
            folder.mkdir(mode=0o700)
            patch.setenv(variable, str(folder))
        yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def real_model_file() -> Path:
    """The file of the default model; `make test` fetches it and says where it is."""
    named = os.environ.get("LIMPET_TEST_MODEL")
    if not named:
        pytest.skip("LIMPET_TEST_MODEL names no model file; `make test` sets it")
    path = Path(named)
    assert path.is_file(), f"LIMPET_TEST_MODEL names {path}, and there is no such file"
    return path
