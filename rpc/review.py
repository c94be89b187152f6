"""Asks for reviews of files and reads the findings."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from rpc.connection import Connection
from rpc.enumerations import name_for_wire, text_for_wire, word_from_wire
from rpc.failures import InvalidRequest
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import review_pb2
from rpc.stubs.limpet.v1.review_pb2_grpc import ReviewServiceStub

# Longer than any review takes; a hung engine is noticed long before (see rpc.streams).
REVIEW_TIMEOUT_SECONDS = 3600.0
SEARCH_TIMEOUT_SECONDS = 60.0


class Severity(StrEnum):
    """How bad a finding is."""

    UNSPECIFIED = "unspecified"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Confidence(StrEnum):
    """How sure a finding is, the surest first."""

    UNSPECIFIED = "unspecified"
    PROVED = "proved"
    SETTLED = "settled"
    CONFLICT = "conflict"
    SUSPECTED = "suspected"


class LineRange(msgspec.Struct, frozen=True):
    """Lines of a text, both from 1 and both included."""

    first: int
    last: int


class ReviewFile(msgspec.Struct, frozen=True):
    """A file to look at; without `lines` all of it. `was_found`: in a folder, not named."""

    path: str
    text: bytes
    lines: tuple[LineRange, ...] = ()
    was_found: bool = False


class TextPlace(msgspec.Struct, frozen=True):
    """Line and column from 1, columns in characters, and the offset in bytes."""

    line: int
    column: int
    offset: int


class ProposedEdit(msgspec.Struct, frozen=True):
    """What to write instead of the bytes from `start` to `end`."""

    start: int
    end: int
    text: bytes
    title: str


class Finding(msgspec.Struct, frozen=True):
    """Something that is probably wrong; the fields are those of the proto."""

    path: str
    start: TextPlace
    end: TextPlace
    severity: Severity
    confidence: Confidence
    rule: str
    category: str
    message: str
    evidence: str
    signal: str
    fingerprint: str
    edit: ProposedEdit | None = None


class ReviewBegan(msgspec.Struct, frozen=True):
    """The review begins; `missing_signals` take no part, each with the reason."""

    files: int
    missing_signals: tuple[str, ...]


class FileDone(msgspec.Struct, frozen=True):
    """A file is done; `skipped` says why it was not looked at, if it was not."""

    path: str
    number: int
    skipped: str


class ReviewFinished(msgspec.Struct, frozen=True):
    """The end, in numbers."""

    findings: int
    hidden: int
    suppressed: int
    skipped_files: int
    lines: int


class FoundFiles(msgspec.Struct, frozen=True):
    """Files of a folder by their relative paths; `is_cut`: there are more."""

    paths: tuple[str, ...]
    is_cut: bool


ReviewEvent = ReviewBegan | Finding | FileDone | ReviewFinished


class ReviewStream(Stream[ReviewEvent]):
    """A review: one ReviewBegan; for each file Finding* and one FileDone; one ReviewFinished."""


class ReviewClient:
    """Asks the engine's review service."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def review(
        self,
        files: Sequence[ReviewFile],
        *,
        least_confidence: Confidence = Confidence.UNSPECIFIED,
        timeout_seconds: float = REVIEW_TIMEOUT_SECONDS,
    ) -> ReviewStream:
        """Look at files, at most 16 MiB in all; failures come while iterating."""
        request = review_pb2.ReviewRequest(
            files=[_file_for_wire(file) for file in files],
            least_confidence=name_for_wire(least_confidence, "CONFIDENCE"),
        )
        return ReviewStream(
            self._connection.opening(
                lambda channel: ReviewServiceStub(channel).Review,
                request,
                _event_from_wire,
                timeout_seconds=timeout_seconds,
            )
        )

    def find_files(self, folder: str, *, most_files: int = 0) -> FoundFiles:
        """Return the files of a folder on the engine's machine. Raises a Failure."""
        try:
            folder.encode()
        except UnicodeEncodeError:
            raise InvalidRequest(f"The path {folder!r} is not valid UTF-8.") from None
        response = self._connection.unary(
            lambda channel: ReviewServiceStub(channel).FindFiles,
            review_pb2.FindFilesRequest(folder=folder, most_files=most_files),
            timeout_seconds=SEARCH_TIMEOUT_SECONDS,
        )
        return FoundFiles(tuple(response.paths), response.is_cut)


def _file_for_wire(file: ReviewFile) -> review_pb2.ReviewFile:
    return review_pb2.ReviewFile(
        path=text_for_wire(file.path),
        text=file.text,
        lines=[review_pb2.LineRange(first=each.first, last=each.last) for each in file.lines],
        was_found=file.was_found,
    )


def _event_from_wire(message: review_pb2.ReviewResponse) -> ReviewEvent | None:
    match message.WhichOneof("step"):
        case "started":
            return ReviewBegan(message.started.files, tuple(message.started.missing_signals))
        case "finding":
            return _finding_from_wire(message.finding)
        case "file_done":
            done = message.file_done
            return FileDone(done.path, done.number, done.skipped)
        case "finished":
            end = message.finished
            return ReviewFinished(
                end.findings, end.hidden, end.suppressed, end.skipped_files, end.lines
            )
    return None


def _finding_from_wire(message: review_pb2.Finding) -> Finding:
    edit = message.edit
    return Finding(
        path=message.path,
        start=_place_from_wire(message.start),
        end=_place_from_wire(message.end),
        severity=word_from_wire(Severity, review_pb2.Severity, "SEVERITY", message.severity),
        confidence=word_from_wire(
            Confidence, review_pb2.Confidence, "CONFIDENCE", message.confidence
        ),
        rule=message.rule,
        category=message.category,
        message=message.message,
        evidence=message.evidence,
        signal=message.signal,
        fingerprint=message.fingerprint,
        edit=ProposedEdit(edit.start, edit.end, edit.text, edit.title)
        if message.HasField("edit")
        else None,
    )


def _place_from_wire(message: review_pb2.TextPlace) -> TextPlace:
    return TextPlace(message.line, message.column, message.offset)
