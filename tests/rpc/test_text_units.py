"""Texts are counted as Qt counts them."""

from __future__ import annotations

import pytest

from rpc.text_units import utf16_units


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("ab", 2), ("\u00e9\u4e2d", 2), ("a\U0001f41a", 3), ("\ud800", 1)]
)
def test_units(text: str, units: int) -> None:
    assert utf16_units(text) == units
