"""Tells the steps of test writing to a person, and their sum to a program."""

from __future__ import annotations

import msgspec

from command_line.output import Output
from rpc.documents import text_of
from rpc.test_writing import (
    Basis,
    CallsDrafted,
    CallsRan,
    DroppedTest,
    KeptTest,
    SuspectedDefect,
    TargetLooked,
    TargetSkipped,
    WritingBegan,
    WritingEvent,
    WritingFinished,
)
from rpc.visible_text import visible

_MOST_SHOWN = 100


class Told(msgspec.Struct):
    """What has been told so far; `finished` is None until the end."""

    began: WritingBegan | None = None
    kept: list[KeptTest] = []
    dropped: list[DroppedTest] = []
    findings: list[SuspectedDefect] = []
    skipped: list[TargetSkipped] = []
    finished: WritingFinished | None = None

    def take(self, event: WritingEvent) -> None:
        """Remember an event."""
        match event:
            case WritingBegan():
                self.began = event
            case KeptTest():
                self.kept.append(event)
            case DroppedTest():
                self.dropped.append(event)
            case SuspectedDefect():
                self.findings.append(event)
            case TargetSkipped():
                self.skipped.append(event)
            case WritingFinished():
                self.finished = event


def show(event: WritingEvent, output: Output) -> None:
    """Write an event to standard error; what is found in the code goes to standard output."""
    match event:
        case WritingBegan():
            for note in event.notes:
                output.notice(visible(note))
        case TargetLooked():
            output.notice(f"{visible(event.target)}: lines {event.first_line}–{event.last_line}")
        case TargetSkipped():
            output.notice(f"  skipped: {visible(event.reason)}")
        case CallsDrafted():
            output.notice(
                f"  {event.from_model + event.from_code} calls, {event.from_model} of the model's"
            )
        case CallsRan():
            more = f", {event.stopped} stopped" if event.stopped else ""
            output.notice(f"  {event.calls} ran, {event.valid} of use{more}")
        case KeptTest():
            basis = "" if event.basis is not Basis.OBSERVED else " (observed)"
            output.notice(f"  + {visible(event.name)}{basis}: {visible(event.reason)}")
        case DroppedTest():
            output.notice(f"  - {_short(event.code)}: {visible(event.reason)}")
        case SuspectedDefect():
            output.line(f"{visible(event.target)}:{event.line}: {visible(event.message)}")
            output.line(f"  expected {_short(event.expected)}, got {_short(event.actual)}")


def whole_object(told: Told, written: str) -> dict[str, object]:
    """Return what JSON has: the events, and `written`, the file that was written, or ""."""
    end, began = told.finished, told.began
    figures = {} if end is None else msgspec.to_builtins(msgspec.structs.replace(end, text=b""))
    text = "" if end is None else text_of(end.text)
    return {
        **figures,
        "text": text,
        "written": written,
        "framework": "" if began is None else began.framework.value,
        "notes": [] if began is None else list(began.notes),
        "kept": [_plain(each) for each in told.kept],
        "dropped": [_plain(each) for each in told.dropped],
        "findings": [_plain(each) for each in told.findings],
        "skipped": [_plain(each) for each in told.skipped],
    }


def _plain(event: WritingEvent) -> dict[str, object]:
    fields = msgspec.structs.asdict(event)
    return {
        name: text_of(value) if isinstance(value, bytes) else value
        for name, value in fields.items()
    }


def _short(code: bytes) -> str:
    text = visible(text_of(code))
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
