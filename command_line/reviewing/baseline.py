"""Reads and writes the file of findings that are known already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from rpc.documents import read_document
from rpc.failures import InvalidRequest
from rpc.review import Finding

DEFAULT_NAME = ".limpet-baseline.json"
_VERSION = 1


class _Known(msgspec.Struct, frozen=True):
    fingerprint: str


class _Baseline(msgspec.Struct, frozen=True):
    version: int
    findings: tuple[_Known, ...]


def read_baseline(path: str) -> frozenset[str]:
    """Return the fingerprints of the known findings. Raises a Failure."""
    try:
        baseline = msgspec.json.decode(read_document(path).text, type=_Baseline)
    except msgspec.DecodeError as error:
        raise InvalidRequest(
            f"{path} is no baseline: {error}.",
            advice="Write a new one with `--write-baseline`.",
            reason="BASELINE_INVALID",
        ) from error
    if baseline.version != _VERSION:
        raise InvalidRequest(
            f"{path} is a baseline of version {baseline.version}; this program reads {_VERSION}.",
            advice="Write a new one with `--write-baseline`.",
            reason="BASELINE_INVALID",
        )
    return frozenset(known.fingerprint for known in baseline.findings)


def write_baseline(path: str, findings: Sequence[Finding]) -> None:
    """Write the findings, whole or not at all."""
    known = [
        {
            "fingerprint": finding.fingerprint,
            "path": finding.path,
            "rule": finding.rule,
            "message": finding.message,
        }
        for finding in sorted(findings, key=lambda one: (one.path, one.start.offset, one.rule))
    ]
    target = Path(path)
    draft = target.with_name(f".{target.name}.draft")
    text = json.dumps({"version": _VERSION, "findings": known}, indent=2)
    try:
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
