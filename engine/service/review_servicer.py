"""Reviews on the wire: checks the request, asks the task, converts what it finds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput
from engine.service.client_name import client_name
from engine.service.seams import ReviewTask
from engine.service.streams import closing
from engine.service.text_limits import check_size
from engine.tasks.find_defects.file_search import find_files
from engine.tasks.find_defects.finding import Confidence, PlacedFinding, Position, Severity
from engine.tasks.find_defects.question import (
    FileDone,
    LineRange,
    ReviewBegan,
    ReviewEnd,
    ReviewFile,
    ReviewQuestion,
    ReviewStep,
)
from rpc.stubs.limpet.v1 import review_pb2, review_pb2_grpc

_CONFIDENCES = {
    review_pb2.CONFIDENCE_PROVED: Confidence.PROVED,
    review_pb2.CONFIDENCE_SETTLED: Confidence.SETTLED,
    review_pb2.CONFIDENCE_CONFLICT: Confidence.CONFLICT,
    review_pb2.CONFIDENCE_SUSPECTED: Confidence.SUSPECTED,
}
_CONFIDENCES_ON_THE_WIRE = {word: number for number, word in _CONFIDENCES.items()}
_LEAST = {review_pb2.CONFIDENCE_UNSPECIFIED: Confidence.CONFLICT, **_CONFIDENCES}
_SEVERITIES = {
    Severity.ERROR: review_pb2.SEVERITY_ERROR,
    Severity.WARNING: review_pb2.SEVERITY_WARNING,
    Severity.NOTE: review_pb2.SEVERITY_NOTE,
}
_MOST_FILES = 20_000


class ReviewServicer(review_pb2_grpc.ReviewServiceServicer):
    """The service `limpet.v1.ReviewService`."""

    def __init__(self, task: ReviewTask) -> None:
        self._task = task

    async def Review(
        self, request: review_pb2.ReviewRequest, context: Any
    ) -> AsyncIterator[review_pb2.ReviewResponse]:
        """Look at files."""
        question = _question(request, client_name(context))
        async with closing(self._task.answer(question)) as steps:
            async for step in steps:
                yield _response(step)

    async def FindFiles(
        self, request: review_pb2.FindFilesRequest, context: Any
    ) -> review_pb2.FindFilesResponse:
        """List the files of a folder."""
        folder = Path(request.folder)
        if not folder.is_absolute() or "\0" in request.folder:
            raise InvalidInput("The folder's path is not an absolute one.")
        most = min(request.most_files or _MOST_FILES, _MOST_FILES)
        paths, is_cut = await asyncio.to_thread(find_files, folder, most)
        return review_pb2.FindFilesResponse(paths=paths, is_cut=is_cut)


def _question(request: review_pb2.ReviewRequest, client: str) -> ReviewQuestion:
    if request.least_confidence not in _LEAST:
        raise InvalidInput(f"The engine does not know the confidence {request.least_confidence}.")
    return ReviewQuestion(
        files=tuple(_file(each) for each in request.files),
        least=_LEAST[request.least_confidence],
        client=client,
    )


def _file(file: review_pb2.ReviewFile) -> ReviewFile:
    if not file.path:
        raise InvalidInput("A file has no path.")
    check_size(len(file.text), f"`{file.path}`")
    for lines in file.lines:
        if not 1 <= lines.first <= lines.last:
            raise InvalidInput(
                f"`{file.path}` names lines {lines.first} to {lines.last}; "
                "they count from 1, the first one first."
            )
    return ReviewFile(
        path=file.path,
        text=file.text,
        lines=tuple(LineRange(lines.first, lines.last) for lines in file.lines),
        was_found=file.was_found,
    )


def _response(step: ReviewStep) -> review_pb2.ReviewResponse:
    match step:
        case ReviewBegan():
            return review_pb2.ReviewResponse(
                started=review_pb2.ReviewStarted(
                    files=step.files, missing_signals=step.signals_missing
                )
            )
        case PlacedFinding():
            return review_pb2.ReviewResponse(finding=_finding(step))
        case FileDone():
            return review_pb2.ReviewResponse(
                file_done=review_pb2.ReviewFileDone(
                    path=step.path, number=step.number, skipped=step.skipped
                )
            )
        case ReviewEnd():
            return review_pb2.ReviewResponse(
                finished=review_pb2.ReviewFinished(
                    findings=step.findings,
                    hidden=step.hidden,
                    suppressed=step.suppressed,
                    skipped_files=step.skipped,
                    lines=step.lines,
                )
            )


def _finding(placed: PlacedFinding) -> review_pb2.Finding:
    finding = placed.finding
    edit = finding.edit
    return review_pb2.Finding(
        path=placed.path,
        start=_place(placed.first, finding.start),
        end=_place(placed.last, finding.end),
        severity=_SEVERITIES[finding.severity],
        confidence=_CONFIDENCES_ON_THE_WIRE[finding.confidence],
        rule=finding.rule,
        category=finding.category,
        message=finding.message,
        evidence=finding.evidence,
        signal=finding.signal,
        edit=None
        if edit is None
        else review_pb2.ProposedEdit(
            start=edit.start, end=edit.end, text=edit.new, title=edit.title
        ),
        fingerprint=placed.fingerprint,
    )


def _place(position: Position, offset: int) -> review_pb2.TextPlace:
    return review_pb2.TextPlace(line=position.line, column=position.column, offset=offset)
