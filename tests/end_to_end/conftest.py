"""Homes for tests from end to end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.end_to_end.limpet_home import LimpetHome

HomeMaker = Callable[..., LimpetHome]


@pytest.fixture(scope="module")
def make_home() -> Iterator[HomeMaker]:
    """Makes homes whose engines end with the module."""
    homes: list[LimpetHome] = []

    def make(variables: Callable[[Path], Mapping[str, str]] | None = None) -> LimpetHome:
        # Not pytest's own folder: a socket's path may have about 100 characters.
        folder = Path(tempfile.mkdtemp(prefix="limpet-"))
        home = LimpetHome(folder, variables(folder) if variables else None)
        homes.append(home)
        return home

    yield make
    for home in homes:
        home.close()
        shutil.rmtree(home.folder, ignore_errors=True)
