"""Reads the comments by which a user says that a finding is none."""

from __future__ import annotations

import re

from engine.tasks.find_defects.finding import PlacedFinding
from engine.tasks.find_defects.source_text import SourceText

# Behind a mark that begins a comment in one of the languages. In a string it counts as well: that
# costs a finding where somebody writes about this, and saves reading every language's strings.
_COMMENT = re.compile(rb"(?:#|//|/\*|--|<!--|;)\s*limpet:\s*ignore(?:\[([^\]]*)\])?")


def is_suppressed(found: PlacedFinding, source: SourceText) -> bool:
    """Whether the finding's first or last line, or a comment alone above it, says to ignore it."""
    lines = [source.line(found.first.line), source.line(found.last.line)]
    above = source.line(found.first.line - 1)
    if _COMMENT.match(above.strip()):
        lines.append(above)
    return any(_names(line, found) for line in lines)


def _names(line: bytes, found: PlacedFinding) -> bool:
    for match in _COMMENT.finditer(line):
        if match[1] is None:
            return True
        rules = {rule.strip().decode("utf-8", "replace") for rule in match[1].split(b",")}
        if found.finding.rule in rules or found.finding.category in rules - {""}:
            return True
    return False
