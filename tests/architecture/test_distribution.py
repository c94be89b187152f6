"""The built wheel holds every file that the packages need, and one place knows the version."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tracked_files import PACKAGES, REPOSITORY, read, tracked_files

SOURCES = [name for package in PACKAGES for name in tracked_files(f"{package}/")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    outcome = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(REPOSITORY)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return next(folder.glob("limpet-*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        packed = set(content.namelist())
    assert SOURCES
    assert sorted(set(SOURCES) - packed) == []


def test_the_wheel_installs_the_commands(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        (name,) = (name for name in content.namelist() if name.endswith("entry_points.txt"))
        commands = content.read(name).decode()
    assert "limpet = command_line.main:main" in commands
    assert "limpet-engine = engine.__main__:main" in commands


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_marked_as_typed(package: str) -> None:
    assert f"{package}/py.typed" in SOURCES


def test_the_version_is_written_in_one_place() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert importlib.metadata.version("limpet") == version
    repeated = [
        name
        for name in SOURCES
        if name.endswith(".py") and (f'"{version}"' in read(name) or "__version__ =" in read(name))
    ]
    assert repeated == []
