"""A text that would take the parser's process with it costs its own symbols only."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from engine.retrieval.symbol_reader import ReadApart, read_symbols

TEXT = b"def first(): pass\n"
# It takes two gigabytes, and several seconds in one step.
HOSTILE = b"a=>;" * 12_500


@pytest.fixture
def reader() -> Iterator[ReadApart]:
    apart = ReadApart()
    yield apart
    apart.rest()


def test_reads_apart_what_it_reads_here(reader: ReadApart) -> None:
    for path in ("a.py", "b.py", "c.unknown"):
        assert reader.read(path, TEXT) == read_symbols(path, TEXT)


def test_a_hostile_text_has_no_symbols_and_the_next_one_has(reader: ReadApart) -> None:
    start = time.monotonic()
    assert reader.read("A.java", HOSTILE).definitions == ()
    assert time.monotonic() - start < 15
    assert reader.read("a.py", TEXT) == read_symbols("a.py", TEXT)


def test_the_process_ends_when_it_may_rest(reader: ReadApart) -> None:
    reader.read("a.py", TEXT)
    process = reader._process
    assert process is not None
    reader.rest()
    assert process.returncode == 0
    reader.rest()
    assert reader.read("a.py", TEXT) == read_symbols("a.py", TEXT)


def test_the_process_knows_no_secrets(reader: ReadApart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "x")
    reader.read("a.py", TEXT)
    assert reader._process is not None
    if os.path.exists(f"/proc/{reader._process.pid}/environ"):  # noqa: PTH110
        with open(f"/proc/{reader._process.pid}/environ", "rb") as stream:  # noqa: PTH123
            assert b"SOME_TOKEN" not in stream.read()
