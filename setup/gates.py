"""`make gates`: every check that is no test, all of them, each with its verdict."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from setup.places import places_of_this_checkout

_REPOSITORY = places_of_this_checkout().repository
_PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Gate:
    """One check: it passes when it returns None, else it says what to do."""

    name: str
    check: Callable[[], str | None]


def passes(*command: str) -> Callable[[], str | None]:
    """Return a check that runs a program of the environment and passes when that exits with 0."""

    def check() -> str | None:
        program = [str(_PROGRAMS / command[0]), *command[1:]]
        outcome = subprocess.run(
            program, cwd=_REPOSITORY, capture_output=True, text=True, check=False
        )
        return None if outcome.returncode == 0 else (outcome.stdout + outcome.stderr).strip()

    return check


def promised_revision(repository: Path) -> str | None:
    """Return what the wire must stay compatible with: the last release, else main as it was pushed.

    Before the first release this guards a change until it is pushed; afterwards nothing is promised
    that a release did not carry.
    """
    release = _git(repository, "describe", "--tags", "--abbrev=0", "--match", "v*")
    if release:
        return release
    for branch in ("origin/main", "main", "HEAD"):
        if _git(repository, "rev-parse", "--verify", "--quiet", f"{branch}:protos"):
            return branch
    return None


def _git(repository: Path, *arguments: str) -> str:
    outcome = subprocess.run(
        ["git", *arguments], cwd=repository, capture_output=True, text=True, check=False
    )
    return outcome.stdout.strip() if outcome.returncode == 0 else ""


def wire_is_compatible() -> str | None:
    """Compare the protos with those that were promised."""
    revision = promised_revision(_REPOSITORY)
    if revision is None:
        print("    nothing to compare with: no commit has protos yet")
        return None
    archive = subprocess.run(
        ["git", "archive", revision, "protos", "buf.yaml"],
        cwd=_REPOSITORY,
        capture_output=True,
        check=False,
    )
    if archive.returncode != 0:
        print(f"    nothing to compare with: {revision} has no protos or no buf.yaml")
        return None
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as content:
            content.extractall(folder)  # noqa: S202 - git made the archive from this repository
        return passes("buf", "breaking", "--against", folder)()


def all_gates() -> list[Gate]:
    """Return the gates, quick ones first."""
    return [
        Gate("format", passes("ruff", "format", "--check", ".")),
        Gate("ruff", passes("ruff", "check", ".")),
        Gate("imports", passes("lint-imports")),
        Gate("stubs current", passes("python", "-m", "setup.stubs", "--check")),
        Gate("buf lint", passes("buf", "lint")),
        Gate("buf breaking", wire_is_compatible),
        Gate("mypy --strict", passes("mypy")),
    ]


def main() -> int:
    """Run every gate, print one line each, and return 1 if any stays shut."""
    failed = 0
    for gate in all_gates():
        started = time.monotonic()
        complaint = gate.check()
        verdict = "ok" if complaint is None else "FAILED"
        print(f"{verdict:6} {gate.name} ({time.monotonic() - started:.1f} s)", flush=True)
        if complaint is not None:
            failed += 1
            print(complaint, flush=True)
    print("all gates passed" if not failed else f"{failed} gate(s) failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
