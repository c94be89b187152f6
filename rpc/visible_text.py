"""Makes text of a model safe to show: what would steer a terminal or hide is written out.

A terminal obeys escape sequences, and a reader cannot see bidirectional or zero-width characters.
Both are shown as `\\x1b` or `\\u202e`, a notation that Markdown leaves alone.
"""

from __future__ import annotations

import unicodedata

_KEPT = frozenset("\n\t")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Drawn as nothing although their category says letter.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Tags and supplementary variation selectors: whole messages were hidden in them.
_HIDDEN_PLANE = range(0xE0000, 0xE1000)


def visible(text: str) -> str:
    """Return `text` with every character that steers or hides written out; `\\n`, `\\t` stay."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(_shown(character) for character in text.replace("\r\n", "\n"))


def decoded(text: bytes) -> str:
    """Return UTF-8 bytes as text; bytes that are no UTF-8 are written out as `\\xff`."""
    return text.decode("utf-8", "backslashreplace")


def _shown(character: str) -> str:
    if character in _KEPT:
        return character
    code = ord(character)
    hides = (
        unicodedata.category(character) in _HIDDEN_CATEGORIES
        or character in _BLANK_LETTERS
        or code in _HIDDEN_PLANE
    )
    if not hides:
        return character
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class VisibleStream:
    """Makes a stream of pieces visible; a `\\r\\n` that is cut in two stays one line end."""

    def __init__(self) -> None:
        self._held = ""

    def add(self, piece: bytes) -> str:
        """Return what can be shown once `piece` has come."""
        text = self._held + decoded(piece)
        self._held = "\r" if text.endswith("\r") else ""
        return visible(text.removesuffix("\r"))

    def end(self) -> str:
        """Return what was held back."""
        held, self._held = self._held, ""
        return visible(held)
