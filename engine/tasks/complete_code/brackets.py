"""Brackets of a piece of code that have no partner in it."""

from __future__ import annotations

import itertools
import re

import msgspec

_PARTNERS = {b")": b"(", b"]": b"[", b"}": b"{"}
# A string within a line says nothing about brackets; a quote without partner is one to its end.
_STRING_OR_BRACKET = re.compile(
    rb"""\"(?:\\.|[^"\\\n])*(?:\"|(?=\n)|$)|'(?:\\.|[^'\\\n])*(?:'|(?=\n)|$)|[()\[\]{}]"""
)


class Unmatched(msgspec.Struct, frozen=True):
    """Closing brackets that were opened before, and opening ones that are not closed, in order."""

    closers: bytes = b""
    openers: bytes = b""


def unmatched(text: bytes) -> Unmatched:
    """Return the brackets of a text without partner in it; those in strings do not count."""
    closers: list[bytes] = []
    openers: list[bytes] = []
    for match in _STRING_OR_BRACKET.finditer(text):
        sign = match.group()
        if sign in _PARTNERS.values():
            openers.append(sign)
        elif sign in _PARTNERS:
            if openers and openers[-1] == _PARTNERS[sign]:
                openers.pop()
            else:
                closers.append(sign)
    return Unmatched(b"".join(closers), b"".join(openers))


def closed_by(before: bytes, text: bytes) -> int:
    """Return how many brackets a text closes that stand open where it begins, behind `before`.

    `before` is the beginning of its line: what is open there may be a string, too.
    """
    earlier, whole = unmatched(before), unmatched(before + text)
    pairs = zip(earlier.openers, whole.openers, strict=False)
    still_open = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    return len(whole.closers) - len(earlier.closers) + len(earlier.openers) - still_open
