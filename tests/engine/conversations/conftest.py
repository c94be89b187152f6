"""A file of conversations for each test, with a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.conversations.database import Database, open_database
from tests.engine.conversations.clock import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "conversations.sqlite3"


@pytest.fixture
def database(path: Path, clock: HandClock) -> Iterator[Database]:
    opened = open_database(path, clock)
    yield opened
    opened.close()
