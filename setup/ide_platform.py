"""The platform that the JetBrains plugin is compiled against and tested on, built once a recipe."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from setup import system_packages
from setup.system_packages import Need

# What the recipe calls, and the Debian package that brings it: it needs Debian's sources anyway.
_PROGRAMS = {"npm": "npm", "dpkg-source": "dpkg-dev", "xz": "xz-utils", "patch": "patch"}


def provide_platform(
    repository: Path, work_folder: Path, java_home: Path, announce: Callable[[str], None]
) -> bool:
    """Build and install the platform where that was not done; say what is left out where not.

    The first time takes some twelve minutes; the recipe's stamps make the next ones take none.
    """
    recipe = repository / "jetbrains-plugin" / "test-platform"
    missing = _what_is_missing(announce)
    if missing is None:
        command = ["bash", str(recipe / "install-platform.sh"), str(recipe), str(work_folder)]
        path = f"{java_home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {**os.environ, "JAVA_HOME": str(java_home), "PATH": path}
        if subprocess.run(command, check=False, env=environment).returncode == 0:
            return True
        missing = "Its recipe failed; the lines above say where."
    announce(f"left out: the IDE plugin and its tests in jetbrains-plugin/plugin.\n{missing}")
    return False


def _what_is_missing(announce: Callable[[str], None]) -> str | None:
    if shutil.which("apt-get") is None:
        return "The platform's sources come by apt-get, which this system lacks."
    needs = [_need(program, package) for program, package in _PROGRAMS.items()]
    return system_packages.provide(needs, announce)


def _need(program: str, package: str) -> Need:
    return Need(program, lambda: shutil.which(program) is not None, {"apt-get": package})
