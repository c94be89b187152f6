"""Counts text as Qt, Java and JavaScript do: in UTF-16 units."""

from __future__ import annotations


def utf16_units(text: str) -> int:
    """Return how many UTF-16 units a text is; a lone surrogate is one."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
