"""Types of arguments: each turns a word into a value or says what it should have been."""

from __future__ import annotations

import argparse
import math


def positive(word: str) -> int:
    """Return a whole number from 1 that fits 32 bits."""
    number = _whole(word)
    if not 1 <= number < 2**32:
        raise argparse.ArgumentTypeError(f"{word!r} must be at least 1 and below 2³²")
    return number


def seed(word: str) -> int:
    """Return a whole number from 0 that fits 64 bits."""
    number = _whole(word)
    if not 0 <= number < 2**64:
        raise argparse.ArgumentTypeError(f"{word!r} must be at least 0 and below 2⁶⁴")
    return number


def temperature(word: str) -> float:
    """Return a number from 0 to 2."""
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 2:
        raise argparse.ArgumentTypeError(f"{word!r} must be a number from 0 to 2")
    return number


def _whole(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number") from None
