"""Colours and sizes by their role, as `themes.toml` has them, at the chosen zoom."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from importlib.resources import files

import msgspec


class Scheme(StrEnum):
    """Which colours the user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes in pixels at 100 %; `line` is in percent."""

    unit: int
    text: int
    small: int
    title: int
    display: int
    code: int
    radius: int
    line: int
    column: int


class Colours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Colours by role; the file says what each is for."""

    ground: str
    side: str
    rail: str
    raised: str
    sunken: str
    bubble: str
    text: str
    muted: str
    faint: str
    line: str
    line_strong: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    hover: str
    selected: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    added: str
    removed: str
    focus: str
    selection: str
    syntax_keyword: str
    syntax_name: str
    syntax_string: str
    syntax_number: str
    syntax_comment: str
    syntax_operator: str
    syntax_type: str
    syntax_error: str


class Themes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    sizes: Sizes
    light: Colours
    dark: Colours


class Theme(msgspec.Struct, frozen=True):
    """What is drawn with: the colours of one scheme, and sizes that the zoom has multiplied."""

    is_dark: bool
    colours: Colours
    sizes: Sizes
    zoom: float

    def units(self, count: float) -> int:
        """Return so many spacing units in pixels."""
        return round(self.sizes.unit * count)


def read_themes() -> Themes:
    """Return what the package's file says."""
    content = files("desktop.appearance").joinpath("themes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(content), Themes)


def make_theme(themes: Themes, *, is_dark: bool, zoom: float) -> Theme:
    """Return the theme at a zoom, 1.0 meaning 100 %."""
    scaled = {
        name: value if name == "line" else round(value * zoom)
        for name, value in msgspec.structs.asdict(themes.sizes).items()
    }
    colours = themes.dark if is_dark else themes.light
    return Theme(is_dark=is_dark, colours=colours, sizes=Sizes(**scaled), zoom=zoom)
