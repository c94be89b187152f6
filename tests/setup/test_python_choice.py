"""The first step of every command: a Python that is new enough, or a sentence that names one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "setup" / "python.sh"
SHELL = shutil.which("sh") or "/bin/sh"


def run(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHELL, str(SCRIPT), "-c", "print('running')"],
        env={"PATH": str(path), "LIMPET_NO_SYSTEM_PACKAGES": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH without any Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("id", "cat"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def add_old_python(programs: Path) -> None:
    # An old Python answers the question for its version with no.
    (programs / "python3").write_text(f"#!{SHELL}\nexit 1\n", encoding="utf-8")
    (programs / "python3").chmod(0o755)


def add_python(programs: Path, name: str) -> None:
    (programs / name).write_text(f'#!{SHELL}\nexec {sys.executable} "$@"\n', encoding="utf-8")
    (programs / name).chmod(0o755)


def test_no_python_is_named_with_its_packages(programs: Path) -> None:
    outcome = run(programs)
    assert outcome.returncode == 3
    assert "apt-get install python3 python3-venv" in outcome.stderr


def test_an_old_python_is_not_used(programs: Path) -> None:
    add_old_python(programs)
    outcome = run(programs)
    assert outcome.returncode == 3
    assert "3.11" in outcome.stderr


def test_a_newer_python_beside_an_old_one_is_found(programs: Path) -> None:
    add_old_python(programs)
    add_python(programs, "python3.12")
    assert run(programs).stdout == "running\n"


def test_a_python_elsewhere_can_be_named(programs: Path) -> None:
    add_old_python(programs)
    assert run(programs, LIMPET_PYTHON=sys.executable).stdout == "running\n"
