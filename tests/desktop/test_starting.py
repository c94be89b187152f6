"""Before a window is opened, what it needs is looked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.shortcut import install_shortcut
from desktop.starting import find_obstacle, platform_of, read_libraries
from tests.end_to_end.limpet_home import ROOT

PLATFORMS = {
    "nothing": ({}, "linux", ""),
    "X": ({"DISPLAY": ":0"}, "linux", "xcb"),
    "Wayland": ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", "wayland"),
    "named": ({"QT_QPA_PLATFORM": "offscreen:size=9"}, "linux", "offscreen"),
    "the first that is named": ({"QT_QPA_PLATFORM": "wayland;xcb"}, "linux", "wayland"),
    "a Mac": ({}, "darwin", "darwin"),
}


@pytest.mark.parametrize("name", PLATFORMS)
def test_platforms(name: str) -> None:
    environment, system, platform = PLATFORMS[name]
    assert platform_of(environment, system) == platform


def test_no_screen() -> None:
    obstacle = find_obstacle({}, "linux")
    assert obstacle is not None
    assert "screen" in obstacle.message


def test_missing_libraries_are_named_with_their_packages() -> None:
    missing = {"libxcb-cursor.so.0", "libEGL.so.1"}
    obstacle = find_obstacle({"DISPLAY": ":0"}, "linux", lambda name: name not in missing)
    assert obstacle is not None
    assert all(name in obstacle.message for name in missing)
    assert obstacle.advice.endswith("apt-get install libegl1 libxcb-cursor0")


def test_a_screen_needs_only_its_own_libraries() -> None:
    of_x = {each.name for each in read_libraries() if each.platform == "xcb"}
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    assert find_obstacle(offscreen, "linux", lambda name: name not in of_x) is None


def test_the_program_says_it_and_exits_with_3(home: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "command_line", "desktop"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert outcome.returncode == 3
    assert "no screen" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_shortcut_is_installed(home: Path) -> None:
    entry, icon = install_shortcut(home / "data")
    text = entry.read_text("utf-8")
    assert text.startswith("[Desktop Entry]\n")
    (line,) = (line for line in text.splitlines() if line.startswith("Exec="))
    assert "desktop" in line
    assert line.endswith(" %f")
    assert icon.read_bytes().startswith(b"<svg")
