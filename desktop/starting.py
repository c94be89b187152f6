"""Looks whether a window can be opened here, before Qt is asked: it would end the program."""

from __future__ import annotations

import ctypes
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files

import msgspec


class Library(msgspec.Struct, frozen=True):
    """A library of the system; with a `platform`, only that kind of screen needs it."""

    name: str
    package: str
    platform: str


class Obstacle(msgspec.Struct, frozen=True):
    """Why no window can be opened, and what to do."""

    message: str
    advice: str


def platform_of(environment: Mapping[str, str], system: str = sys.platform) -> str:
    """Return which screen Qt would use: `xcb`, `wayland`, another name, or empty for none."""
    if named := environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]:
        return named
    if system != "linux":
        return system
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else ""


def find_obstacle(
    environment: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    loads: Callable[[str], bool] | None = None,
) -> Obstacle | None:
    """Return what keeps a window from being opened, or None."""
    platform = platform_of(environment, system)
    if not platform:
        return Obstacle(
            "There is no screen to open a window on.",
            "Use `limpet` for the chat in the terminal, or start this in a graphical session.",
        )
    if system != "linux":
        return None
    loads = loads or _loads
    missing = [
        library
        for library in read_libraries()
        if library.platform in {"", platform} and not loads(library.name)
    ]
    if not missing:
        return None
    names = ", ".join(library.name for library in missing)
    packages = " ".join(library.package for library in missing)
    return Obstacle(
        f"The window needs libraries of the system that are missing: {names}.",
        f"On Debian and Ubuntu: apt-get install {packages}",
    )


def read_libraries() -> tuple[Library, ...]:
    """Return what the package's file says."""
    content = files("desktop").joinpath("starting.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(content)["library"], tuple[Library, ...])


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
