"""Tells findings to a person and to a program."""

from __future__ import annotations

import msgspec

from command_line.output import Output
from rpc.documents import Document, text_of
from rpc.review import Finding, Severity
from rpc.visible_text import visible

_STYLES = {Severity.ERROR: "1;31", Severity.WARNING: "33"}
_MOST_SHOWN = 160


def show(finding: Finding, document: Document, output: Output) -> None:
    """Write a finding with its line and the edit that is proposed."""
    place = f"{visible(finding.path)}:{finding.start.line}:{finding.start.column}"
    severity = output.styled(finding.severity.value, _STYLES.get(finding.severity, "36"))
    marks = ", ".join(filter(None, (finding.confidence.value, finding.category, finding.evidence)))
    message = visible(finding.message)
    output.line(f"{output.bold(place)}: {severity} {finding.rule}: {message} [{visible(marks)}]")
    line = _line(document, finding.start.offset)
    if line:
        output.line(output.dim(f"  {finding.start.line:>5} | {line}"))
    if finding.edit is not None:
        output.line(output.dim(f"        → {visible(finding.edit.title)}"))


def finding_object(finding: Finding) -> dict[str, object]:
    """Return a finding as it appears in JSON."""
    edit = finding.edit
    found: dict[str, object] = msgspec.to_builtins(msgspec.structs.replace(finding, edit=None))
    found["edit"] = edit and {
        "start": edit.start,
        "end": edit.end,
        "text": text_of(edit.text),
        "title": edit.title,
    }
    return found


def _line(document: Document, offset: int) -> str:
    start = document.text.rfind(b"\n", 0, offset) + 1
    end = document.text.find(b"\n", offset)
    line = text_of(document.text[start : end if end >= 0 else len(document.text)]).rstrip()
    return visible(line if len(line) <= _MOST_SHOWN else line[:_MOST_SHOWN] + "…")
