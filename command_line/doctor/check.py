"""One check of `limpet doctor` and its verdict."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """How a check ended; only FAIL makes Limpet unusable."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(msgspec.Struct, frozen=True):
    """What was looked at, what was found, and the one thing to do about it."""

    name: str
    verdict: Verdict
    text: str
    advice: str = ""


def ok(name: str, text: str) -> Check:
    """Return a check that found nothing wrong."""
    return Check(name, Verdict.OK, text)


def warn(name: str, text: str, advice: str) -> Check:
    """Return a check that found something to improve."""
    return Check(name, Verdict.WARN, text, advice)


def fail(name: str, text: str, advice: str) -> Check:
    """Return a check that found what keeps Limpet from working."""
    return Check(name, Verdict.FAIL, text, advice)
