"""No file of the set-up says where packages come from: that is the business of the machine."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tracked_files import read, tracked_files

FILES = tracked_files(
    "constraints.txt",
    "pyproject.toml",
    "Makefile",
    ".ci/*",
    ".github/*",
    ".pre-commit-config.yaml",
    "setup/*",
    "*.lock",
    "*.cfg",
    "*pom.xml",
)
PINNED = [name for name in FILES if name == "constraints.txt" or name.endswith(".lock")]
OPTION = re.compile(r"--?(extra-)?index-url|--find-links|--trusted-host|PIP_INDEX_URL")
ADDRESS = re.compile(r"\w+://[^\s\"'>)]+")
# Where a comment may lead a reader to: the issue behind a workaround, a schema's name.
FOR_READERS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+|http://maven\.")
NUMBERED_HOST = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b")


def test_the_pins_are_among_the_files() -> None:
    assert "constraints.txt" in PINNED


@pytest.mark.parametrize("name", FILES)
def test_no_package_index_is_named(name: str) -> None:
    text = read(name)
    assert not OPTION.search(text)
    assert not NUMBERED_HOST.search(text)
    foreign = [found for found in ADDRESS.findall(text) if not FOR_READERS.match(found)]
    assert not foreign


@pytest.mark.parametrize("name", PINNED)
def test_pins_are_exact(name: str) -> None:
    pins = [line for line in read(name).splitlines() if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+!-]+", pin)] == []
