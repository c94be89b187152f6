"""Puts the findings of a file in order, the surest first, and tells each only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.tasks.find_defects.finding import (
    Confidence,
    Finding,
    PlacedFinding,
    Severity,
    fingerprint_of,
)
from engine.tasks.find_defects.source_text import SourceText

_CONFIDENCES = list(Confidence)
_SEVERITIES = list(Severity)


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, best first, without those that only repeat a better one.

    One repeats another where it breaks the same rule, or the same class of rules, in the same
    place.
    """
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for finding in sorted(findings, key=_order):
        names = {finding.rule, finding.category} - {""}
        places = {(name, finding.start, finding.end) for name in names}
        if not places & seen:
            kept.append(finding)
        seen |= places
    return kept


def placed(findings: Sequence[Finding], source: SourceText) -> list[PlacedFinding]:
    """Return the findings with their lines and what tells them apart."""
    occurrences: Counter[tuple[str, bytes]] = Counter()
    by_place: dict[Finding, PlacedFinding] = {}
    for finding in sorted(findings, key=lambda each: (each.start, each.end, each.rule)):
        first = source.position_of(finding.start)
        line = source.line(first.line)
        key = (finding.rule, b" ".join(line.split()))
        by_place[finding] = PlacedFinding(
            path=source.path,
            finding=finding,
            first=first,
            last=source.position_of(finding.end),
            fingerprint=fingerprint_of(source.path, finding.rule, line, occurrences[key]),
        )
        occurrences[key] += 1
    return [by_place[finding] for finding in findings]


def _order(finding: Finding) -> tuple[int, int, int, int, str]:
    return (
        _CONFIDENCES.index(finding.confidence),
        _SEVERITIES.index(finding.severity),
        finding.start,
        finding.end,
        finding.rule,
    )
