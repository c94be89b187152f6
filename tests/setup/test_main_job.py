"""`make run` opens the window where there is a screen that can show one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from setup import run_product, system_packages
from tests.architecture.tracked_files import REPOSITORY

SCREENS = [
    ({"DISPLAY": ":0"}, "linux", True),
    ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
    ({"DISPLAY": ""}, "linux", False),
    ({}, "linux", False),
    ({}, "darwin", True),
    ({"SSH_CONNECTION": "a"}, "darwin", False),
]


@pytest.mark.parametrize(("environment", "system", "expected"), SCREENS)
def test_screens(environment: dict[str, str], system: str, expected: bool) -> None:
    assert run_product.has_screen(environment, system) is expected


@pytest.mark.parametrize(
    ("has_screen", "can_show", "has_terminal", "words"),
    [
        (True, True, True, ["desktop"]),
        (True, False, True, []),
        (True, False, False, ["demo"]),
        (False, True, True, []),
        (False, True, False, ["demo"]),
    ],
)
def test_the_main_job(
    monkeypatch: pytest.MonkeyPatch,
    has_screen: bool,
    can_show: bool,
    has_terminal: bool,
    words: list[str],
) -> None:
    monkeypatch.setattr(run_product, "has_screen", lambda _: has_screen)
    monkeypatch.setattr(run_product, "can_show_windows", lambda: can_show)
    assert run_product.main_job(has_terminal) == words


def test_missing_libraries_of_a_window_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "_loads", _all_but("libEGL.so.1"))
    (need,) = system_packages.needs_of_window(REPOSITORY)
    assert need.packages["apt-get"] == "libegl1"
    assert "libEGL.so.1" in system_packages.advice([need], "dnf")
    assert not need.is_present()


def test_nothing_is_needed_where_all_libraries_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "_loads", lambda _: True)
    assert system_packages.needs_of_window(REPOSITORY) == []
    assert Path(REPOSITORY / "desktop" / "starting.toml").is_file()


def _all_but(missing: str) -> Callable[[str], bool]:
    return lambda name: name != missing
