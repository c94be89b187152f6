"""The gates: what the wire is compared with, and that a shut gate is noticed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from setup import gates
from setup.gates import Gate, passes, promised_revision


def git(repository: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(
        ["git", *identity, *arguments],
        cwd=repository,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(repository), "GIT_CONFIG_NOSYSTEM": "1"},
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "First")
    return tmp_path


def add_protos(repository: Path) -> None:
    (repository / "protos").mkdir()
    (repository / "protos" / "a.proto").write_text('syntax = "proto3";\n', encoding="utf-8")
    git(repository, "add", "protos")
    git(repository, "commit", "-q", "-m", "Add protos")


def test_nothing_is_promised_before_there_are_protos(repository: Path) -> None:
    assert promised_revision(repository) is None


def test_before_a_release_main_is_compared_with(repository: Path) -> None:
    add_protos(repository)
    git(repository, "checkout", "-q", "-b", "change")
    assert promised_revision(repository) == "main"


def test_the_last_release_counts_most(repository: Path) -> None:
    add_protos(repository)
    git(repository, "tag", "v0.1.0")
    git(repository, "tag", "not-a-release")
    git(repository, "commit", "-q", "--allow-empty", "-m", "More")
    assert promised_revision(repository) == "v0.1.0"


def test_a_failing_program_shuts_its_gate_with_its_words() -> None:
    complaint = passes("python", "-c", "import sys; print('why'); sys.exit(1)")()
    assert complaint == "why"
    assert passes("python", "-c", "pass")() is None


def test_every_gate_runs_even_after_one_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [Gate("first", lambda: "wrong"), Gate("second", lambda: None)]
    monkeypatch.setattr(gates, "all_gates", lambda: listed)
    assert gates.main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        "FAILED first",
        "wrong",
        "ok     second",
        "1 gate(s) failed",
    ]
