"""The Kotlin side's build: finds the JDK and Maven, and runs Maven with them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from setup import system_packages
from setup.ide_platform import provide_platform
from setup.places import places_of_this_checkout
from setup.system_packages import Need

_JAVA_VERSION = "17"
_JAVA_FOLDERS = (
    Path("/usr/lib/jvm/java-17-openjdk-amd64"),
    Path("/usr/lib/jvm/java-17-openjdk-arm64"),
    Path("/usr/lib/jvm/java-17-openjdk"),
)


def java_home() -> Path | None:
    """Return the folder of a JDK 17, with a compiler; None where there is none."""
    chosen = os.environ.get("JAVA_HOME")
    candidates = [*([Path(chosen)] if chosen else []), *_JAVA_FOLDERS]
    return next((folder for folder in candidates if _is_wanted(folder)), None)


def needs_of_kotlin() -> list[Need]:
    """Return what building the JetBrains plugin needs; its libraries come by Maven itself."""
    java = {
        "apt-get": "openjdk-17-jdk-headless",
        "dnf": "java-17-openjdk-devel",
        "pacman": "jdk17-openjdk",
        "zypper": "java-17-openjdk-devel",
        "apk": "openjdk17",
        "brew": "openjdk@17",
    }
    return [
        Need("a JDK 17", lambda: java_home() is not None, java),
        Need(
            "Maven",
            lambda: shutil.which("mvn") is not None,
            dict.fromkeys(java, "maven"),
        ),
    ]


def run_maven(
    repository: Path, goals: list[str], *, python: str, announce: Callable[[str], None]
) -> int | None:
    """Run Maven in the plugin's folder; return its status, or None where it cannot run here."""
    missing = system_packages.provide(needs_of_kotlin(), announce)
    home = java_home()
    if missing is not None or home is None:
        announce(f"left out: the Kotlin build and its tests in jetbrains-plugin/.\n{missing or ''}")
        return None
    user_cache = places_of_this_checkout().user_cache
    provide_platform(repository, user_cache / "test-platform", home, announce)
    command = ["mvn", "--batch-mode", "--no-transfer-progress", *goals]
    command.append(f"-Dlimpet.python={python}")
    return subprocess.run(
        command,
        cwd=repository / "jetbrains-plugin",
        env={**os.environ, "JAVA_HOME": str(home)},
        check=False,
    ).returncode


def _is_wanted(folder: Path) -> bool:
    if not (folder / "bin" / "javac").is_file():
        return False
    try:
        release = (folder / "release").read_text(encoding="utf-8")
    except OSError:
        return False
    return f'JAVA_VERSION="{_JAVA_VERSION}' in release
