"""Runs a program that a model has a hand in: alone, briefly, and without a network where it can."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_SECONDS = 10
# Set by the program itself before anything else, and not to be raised again.
_LIMITS = """\
import resource as _resource
for _kind, _most in (("CPU", 10), ("AS", 1 << 30), ("FSIZE", 1 << 20), ("CORE", 0)):
    _resource.setrlimit(getattr(_resource, f"RLIMIT_{_kind}"), (_most, _most))
"""
_AT_ONCE = 2


def passing(programs: Iterable[str]) -> list[bool]:
    """Return for each program whether it ran to its end without an error."""
    has_walls = can_wall_off()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda program: passes(program, has_walls=has_walls), programs))


def passes(program: str, *, has_walls: bool) -> bool:
    """Run a program in a folder of its own, with limits on time, memory and files."""
    with tempfile.TemporaryDirectory(prefix="limpet-sandbox-") as name:
        folder = Path(name)
        (folder / "program.py").write_text(_LIMITS + program, "utf-8")
        try:
            outcome = subprocess.run(
                [
                    *(_walls(folder) if has_walls else ()),
                    sys.executable,
                    "-I",
                    str(folder / "program.py"),
                ],
                cwd=folder,
                env={"HOME": name, "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return outcome.returncode == 0


def can_wall_off() -> bool:
    """Whether bubblewrap is there and allowed to work; in some containers it is not."""
    if shutil.which("bwrap") is None:
        return False
    outcome = subprocess.run([*_walls(Path.cwd()), "true"], capture_output=True, check=False)
    return outcome.returncode == 0


def _walls(folder: Path) -> list[str]:
    """Return how to start a program with all but its folder read-only and no network."""
    walls = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    return [*walls, "--bind", str(folder), str(folder), "--unshare-all", "--die-with-parent"]
