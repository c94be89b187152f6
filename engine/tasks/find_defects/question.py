"""What a review is asked and what it tells."""

from __future__ import annotations

import msgspec

from engine.tasks.find_defects.finding import Confidence, PlacedFinding


class LineRange(msgspec.Struct, frozen=True):
    """Lines of a text, both from 1 and both included."""

    first: int
    last: int


class ReviewFile(msgspec.Struct, frozen=True):
    """A file to look at. Without `lines` all of it; `was_found` says that nobody named it."""

    path: str
    text: bytes
    lines: tuple[LineRange, ...] = ()
    was_found: bool = False


class ReviewQuestion(msgspec.Struct, frozen=True):
    """Files to look at, and how sure a finding must be to be told."""

    files: tuple[ReviewFile, ...]
    least: Confidence = Confidence.CONFLICT
    client: str = ""


class ReviewBegan(msgspec.Struct, frozen=True):
    """The review begins; `signals_missing` names those that are not part of it, each with why."""

    files: int
    signals_missing: tuple[str, ...]


class FileDone(msgspec.Struct, frozen=True):
    """A file was looked at, or not, and `skipped` says why."""

    path: str
    number: int
    skipped: str = ""


class ReviewEnd(msgspec.Struct, frozen=True):
    """The end: how many findings were told, hidden for their confidence, suppressed in the text."""

    findings: int
    hidden: int
    suppressed: int
    skipped: int
    lines: int


ReviewStep = ReviewBegan | PlacedFinding | FileDone | ReviewEnd
