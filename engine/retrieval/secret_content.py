"""Finds keys and passwords in texts."""

from __future__ import annotations

import functools
import math
import re
import tomllib
from collections import Counter
from importlib.resources import files

import msgspec

# In bits a byte. English words have about 3, random letters and digits of usual length over 3.5.
LEAST_BITS = 3.0
# Without any digit a value may still be random, but most are words.
LEAST_BITS_WITHOUT_DIGITS = 4.2
# `reset-token-v2`, `SecretKey`: words of some length, and at most one digit, make a name.
_WORD = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+")
_DIGIT = re.compile(rb"\d")
_NO_NAME = re.compile(rb"[^\w.:/-]")


class SecretPattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one kind of secret looks like; see the data file."""

    name: str
    literals: tuple[str, ...]
    pattern: str
    languages: tuple[str, ...] = ()


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    placeholders: tuple[str, ...]
    patterns: tuple[SecretPattern, ...]


class _Compiled(msgspec.Struct, frozen=True):
    name: str
    literals: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    languages: tuple[str, ...]
    has_value: bool


def secret_in(text: bytes, language: str = "text") -> str:
    """Return the name of the first kind of secret that a text holds, "" for none."""
    patterns, placeholders = _data()
    lowered = text.lower()
    for one in patterns:
        if one.languages and language not in one.languages:
            continue
        if not any(literal in lowered for literal in one.literals):
            continue
        for match in one.pattern.finditer(text):
            if not one.has_value or looks_random(match["value"], placeholders):
                return one.name
    return ""


def looks_random(value: bytes, placeholders: tuple[bytes, ...] = ()) -> bool:
    """Whether a value looks like one that a program made up, or a good password."""
    lowered = value.lower()
    if any(placeholder in lowered for placeholder in placeholders) or _is_name(value):
        return False
    has_letters = any(65 <= byte <= 90 or 97 <= byte <= 122 for byte in value)
    has_digits = any(48 <= byte <= 57 for byte in value)
    return bits_per_byte(value) >= (
        LEAST_BITS if has_letters and has_digits else LEAST_BITS_WITHOUT_DIGITS
    )


def _is_name(value: bytes) -> bool:
    words = _WORD.findall(value)
    if not words or _NO_NAME.search(value):
        return False
    return len(_DIGIT.findall(value)) <= 1 and sum(map(len, words)) >= 4 * len(words)


def bits_per_byte(value: bytes) -> float:
    """Return the Shannon entropy of a value's bytes."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)


@functools.cache
def _data() -> tuple[tuple[_Compiled, ...], tuple[bytes, ...]]:
    text = (files(__package__) / "secret_patterns.toml").read_text(encoding="utf-8")
    data = msgspec.convert(tomllib.loads(text), _Data)
    patterns = tuple(_compiled(pattern) for pattern in data.patterns)
    return patterns, tuple(word.encode() for word in data.placeholders)


def _compiled(pattern: SecretPattern) -> _Compiled:
    compiled = re.compile(pattern.pattern.encode())
    literals = tuple(literal.encode() for literal in pattern.literals)
    has_value = "value" in compiled.groupindex
    return _Compiled(pattern.name, literals, compiled, pattern.languages, has_value)
