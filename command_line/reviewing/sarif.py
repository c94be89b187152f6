"""Writes findings as SARIF 2.1.0, which code hosts and editors read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from rpc.documents import Document, text_of
from rpc.review import Finding, ProposedEdit, Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
    Severity.UNSPECIFIED: "none",
}


def sarif_log(findings: Sequence[Finding], documents: Mapping[str, Document]) -> dict[str, object]:
    """Return the log of one run; `documents` are the texts that edits apply to, by path."""
    rules = sorted({(finding.rule, finding.category) for finding in findings})
    index = {rule: number for number, rule in enumerate(rules)}
    driver = {
        "name": "Limpet",
        "version": version("limpet"),
        "rules": [_rule(name, category) for name, category in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(one, index[one.rule, one.category], documents.get(one.path)) for one in findings
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str, category: str) -> dict[str, object]:
    rule: dict[str, object] = {"id": name}
    if category:
        rule["properties"] = {"tags": [category]}
    return rule


def _result(finding: Finding, rule_index: int, document: Document | None) -> dict[str, object]:
    place = {"artifactLocation": _location(finding.path), "region": _region(finding)}
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"limpet/v1": finding.fingerprint},
        "properties": {
            "confidence": finding.confidence.value,
            "signal": finding.signal,
            "evidence": finding.evidence,
            "category": finding.category,
        },
    }
    if finding.edit is not None and document is not None:
        result["fixes"] = [_fix(finding.path, finding.edit, document)]
    return result


def _fix(path: str, edit: ProposedEdit, document: Document) -> dict[str, object]:
    first, last = _place(document.text, edit.start), _place(document.text, edit.end)
    replacement = {
        "deletedRegion": {
            "startLine": first[0],
            "startColumn": first[1],
            "endLine": last[0],
            "endColumn": last[1],
        },
        "insertedContent": {"text": text_of(edit.text)},
    }
    change = {"artifactLocation": _location(path), "replacements": [replacement]}
    return {"description": {"text": edit.title}, "artifactChanges": [change]}


def _region(finding: Finding) -> dict[str, int]:
    return {
        "startLine": finding.start.line,
        "startColumn": finding.start.column,
        "endLine": finding.end.line,
        "endColumn": finding.end.column,
    }


def _location(path: str) -> dict[str, str]:
    if path.startswith("/"):
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(path)}


def _place(text: bytes, offset: int) -> tuple[int, int]:
    before = text[:offset]
    start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(text_of(before[start:])) + 1
