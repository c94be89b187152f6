"""A finding: where, what, how bad, how sure, why, and what to write instead."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How bad it is, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Confidence(StrEnum):
    """How sure it is, the surest first.

    `proved`: a test, or the language itself, says so. `settled`: wrong whatever was meant, or
    rewrites agree and an edit settles it. `conflict`: rewrites agree against the code. `suspected`:
    everything else.
    """

    PROVED = "proved"
    SETTLED = "settled"
    CONFLICT = "conflict"
    SUSPECTED = "suspected"

    def is_at_least(self, least: Confidence) -> bool:
        """Whether it is as sure as `least` or surer."""
        levels = list(Confidence)
        return levels.index(self) <= levels.index(least)


class Edit(msgspec.Struct, frozen=True):
    """What to write instead of the bytes from `start` to `end`; `title` says what that does."""

    start: int
    end: int
    new: bytes
    title: str


class Finding(msgspec.Struct, frozen=True):
    """A place in a text that is probably wrong.

    `start` and `end` are byte offsets. `rule` names what was broken (`F821`, `self-comparison`),
    `category` its class (`CWE-571`) where there is one. `evidence` says who says so. `signal` is
    the kind of signal it comes from.
    """

    start: int
    end: int
    severity: Severity
    confidence: Confidence
    rule: str
    message: str
    signal: str
    category: str = ""
    evidence: str = ""
    edit: Edit | None = None


class Position(msgspec.Struct, frozen=True):
    """A place in a text: line and column from 1, columns in characters."""

    line: int
    column: int


class PlacedFinding(msgspec.Struct, frozen=True):
    """A finding with its file and its places in lines.

    `fingerprint` stays the same when lines are added above it and changes with its own line.
    """

    path: str
    finding: Finding
    first: Position
    last: Position
    fingerprint: str


def fingerprint_of(path: str, rule: str, line: bytes, occurrence: int) -> str:
    """Return what tells a finding from others, also when it moves; 16 hexadecimal digits."""
    text = b" ".join(line.split())
    parts = (path.encode("utf-8", "replace"), rule.encode(), text, str(occurrence).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
