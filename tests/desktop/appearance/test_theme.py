"""Colours can be read, and every name in the style sheet and the sources exists."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from desktop.appearance.icons import Icons
from desktop.appearance.look import style_sheet
from desktop.appearance.theme import Colours, make_theme, read_themes
from tests.end_to_end.limpet_home import ROOT

THEMES = read_themes()
TEXTS = ("text", "muted", "accent", "danger", "warning")
GROUNDS = ("ground", "side", "raised", "sunken", "bubble")
SYNTAX = tuple(name for name in Colours.__struct_fields__ if name.startswith("syntax_"))
PAIRS = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    *((text, "sunken") for text in SYNTAX),
    ("on_accent", "accent"),
    ("danger", "danger_soft"),
    ("warning", "warning_soft"),
    ("accent", "accent_soft"),
    ("text", "selection"),
    ("text", "selected"),
    ("muted", "selected"),
    ("text", "added"),
    ("text", "removed"),
]


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(is_dark: bool, text: str, ground: str) -> None:
    colours = THEMES.dark if is_dark else THEMES.light
    assert _contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_the_style_sheet_has_a_value_for_every_name(zoom: float) -> None:
    theme = make_theme(THEMES, is_dark=False, zoom=zoom)
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert f"font-size: {round(14 * zoom)}px" in sheet


def test_zoom_leaves_percentages() -> None:
    sizes = make_theme(THEMES, is_dark=True, zoom=2.0).sizes
    assert (sizes.text, sizes.line) == (28, THEMES.sizes.line)


def test_every_icon_that_is_named_is_drawn(application: object) -> None:
    icons = Icons(make_theme(THEMES, is_dark=False, zoom=1.0))
    folder = ROOT / "desktop" / "appearance" / "icons"
    names = {path.stem for path in folder.glob("*.svg")}
    for name in names:
        image = icons.icon(name, "text").pixmap(18, 18).toImage()
        assert any(
            image.pixelColor(x, y).alpha()
            for x in range(image.width())
            for y in range(image.height())
        ), name
    used = {
        name
        for path in (ROOT / "desktop").rglob("*.py")
        for name in re.findall(r'IconButton\(\s*(?:self\._)?look, "(\w+)"', Path(path).read_text())
    }
    assert used
    assert used <= names
    assert msgspec.structs.asdict(THEMES.light).keys() == msgspec.structs.asdict(THEMES.dark).keys()


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance as the accessibility guidelines (WCAG 2.2) define it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
