"""One engine for all tests of a module that leave it as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.daemon.engine_process import Engine, Home, temporary_home


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with temporary_home() as made:
        yield made


@pytest.fixture(scope="module")
def engine(home: Home) -> Iterator[Engine]:
    started = home.start()
    yield started
    started.close()
