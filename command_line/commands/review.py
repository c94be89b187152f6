"""`limpet review`: finds defects in files and tells them to a person, a program or a code host."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec

from command_line.arguments import UsageProblem
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.output import Output
from command_line.reviewing.baseline import DEFAULT_NAME, read_baseline, write_baseline
from command_line.reviewing.changed_lines import changed_lines
from command_line.reviewing.files import Batch, batches, files_to_review
from command_line.reviewing.findings import finding_object, show
from command_line.reviewing.sarif import sarif_log
from rpc.client import Limpet
from rpc.documents import Document
from rpc.failures import EngineGone
from rpc.review import Confidence, FileDone, Finding, ReviewBegan, ReviewEvent, ReviewFinished
from rpc.visible_text import visible

_USAGE = "usage: limpet review PATH... [--json | --sarif] [--changed] [--baseline FILE]"


class _Review(msgspec.Struct):
    """What has come of a review so far."""

    findings: list[Finding] = []
    documents: dict[str, Document] = {}
    skipped: list[tuple[str, str]] = []
    missing_signals: tuple[str, ...] = ()
    files: int = 0
    lines: int = 0
    hidden: int = 0
    suppressed: int = 0
    known: int = 0


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Review what the arguments name; exit code 1 where something is found."""
    names = arguments.paths or (["."] if arguments.changed else [])
    if not names:
        raise UsageProblem("Name the files or folders to review.", _USAGE)
    if output.json_wanted and arguments.sarif:
        raise UsageProblem("Choose one of --json and --sarif.", _USAGE)
    is_writing = arguments.write_baseline
    known = read_baseline(arguments.baseline) if arguments.baseline and not is_writing else ()
    changed = changed_lines([Path(name) for name in names]) if arguments.changed else None
    review = _Review()
    as_it_comes = not (output.json_wanted or arguments.sarif or is_writing)
    with connect(output) as engine:
        files = files_to_review(engine, names, changed, output)
        for batch in batches(files, review.skipped):
            review.documents |= batch.documents
            least = Confidence(arguments.min_confidence)
            for event in _events(engine, batch, least, output):
                _take(event, review, frozenset(known))
                if as_it_comes and review.findings and review.findings[-1] is event:
                    show(event, batch.documents[event.path], output)
    if is_writing:
        path = arguments.baseline or DEFAULT_NAME
        write_baseline(path, review.findings)
        output.notice(f"{_counted(len(review.findings), 'finding')} written to {visible(path)}.")
        return ExitCode.DONE
    _tell(review, arguments, output)
    return ExitCode.FINDINGS if review.findings else ExitCode.DONE


def _events(
    engine: Limpet, batch: Batch, least: Confidence, output: Output
) -> Iterator[ReviewEvent]:
    """Yield the events of one request; where the engine dies it is asked once more."""
    stream = engine.review.review(batch.files, least_confidence=least)
    told: set[ReviewEvent] = set()
    try:
        with stream:
            for event in stream:
                told.add(event)
                yield event
    except EngineGone as failure:
        output.notice(f"{failure.message} Asking once more.")
        with stream.again() as stream_again:
            for event in stream_again:
                if event not in told:
                    yield event


def _take(event: ReviewEvent, review: _Review, known: frozenset[str]) -> None:
    match event:
        case ReviewBegan():
            review.missing_signals = event.missing_signals
        case Finding() if event.fingerprint in known:
            review.known += 1
        case Finding():
            review.findings.append(event)
        case FileDone() if event.skipped:
            review.skipped.append((event.path, event.skipped))
        case FileDone():
            review.files += 1
        case ReviewFinished():
            review.lines += event.lines
            review.hidden += event.hidden
            review.suppressed += event.suppressed


def _tell(review: _Review, arguments: argparse.Namespace, output: Output) -> None:
    """Write what programs read, and the sum of it for people."""
    if arguments.sarif:
        output.object(sarif_log(review.findings, review.documents))
    elif output.json_wanted:
        output.object(
            {
                "findings": [finding_object(finding) for finding in review.findings],
                "files": review.files,
                "lines": review.lines,
                "hidden": review.hidden,
                "suppressed": review.suppressed,
                "in_baseline": review.known,
                "skipped": [{"path": path, "reason": why} for path, why in review.skipped],
                "missing_signals": list(review.missing_signals),
            }
        )
        return
    more = []
    if review.hidden:
        more.append(f"{review.hidden} less sure (`--min-confidence suspected` shows them)")
    if review.suppressed:
        more.append(f"{review.suppressed} ignored by comment")
    if review.known:
        more.append(f"{review.known} in the baseline")
    if review.skipped:
        more.append(f"{_counted(len(review.skipped), 'file')} skipped")
    end = f"; {', '.join(more)}" if more else ""
    found = _counted(len(review.findings), "finding")
    output.notice(f"{found} in {_counted(review.files, 'file')}{end}.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
