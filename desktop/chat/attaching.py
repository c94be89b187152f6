"""Reads the files that the user attaches, beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.background.jobs import Background
from rpc.chat import Attachment
from rpc.documents import read_document
from rpc.failures import DocumentProblem, Failure
from rpc.locations import parse_lines

translate = QCoreApplication.translate
# Together with the question they must fit one message to the engine.
_MOST_BYTES = 11 << 20


class ReadFiles(msgspec.Struct, frozen=True):
    """What could be read, and why the rest could not; folders are to be searched."""

    attachments: tuple[Attachment, ...]
    problems: tuple[DocumentProblem, ...]
    folders: tuple[str, ...] = ()


class Attaching(QObject):
    """Emits `read` with what became of the files; nothing here waits."""

    read = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background

    def attach(self, places: Sequence[str]) -> None:
        """Read these files; a place may name lines of one, as PATH:FROM-TO."""
        if places:
            self._background.run(lambda: read_files(places), self.read.emit, self._failed)

    def _failed(self, failure: Failure) -> None:
        problem = DocumentProblem(failure.message, advice=failure.advice)
        self.read.emit(ReadFiles((), (problem,)))


def read_files(places: Sequence[str]) -> ReadFiles:
    """Read files, each by itself: one that cannot be read does not keep the others out."""
    attachments: list[Attachment] = []
    problems: list[DocumentProblem] = []
    folders: list[str] = []
    size = 0
    for place in places:
        if Path(place).is_dir():
            folders.append(place)
            continue
        try:
            attachment = _read(place)
        except DocumentProblem as problem:
            problems.append(problem)
            continue
        size += len(attachment.content)
        if size > _MOST_BYTES:
            problems.append(_too_much(place))
            break
        attachments.append(attachment)
    return ReadFiles(tuple(attachments), tuple(problems), tuple(folders))


def _read(place: str) -> Attachment:
    location = parse_lines(place)
    document = read_document(location.path)
    if not document.text.strip():
        raise DocumentProblem(
            translate("chat", "{0} is empty.").format(location.path), reason="DOCUMENT_EMPTY"
        )
    if not location.first_line:
        return Attachment(location.path, document.text)
    lines = document.lines(location.first_line, location.last_line)
    return Attachment(location.path, lines, location.first_line, location.last_line)


def _too_much(place: str) -> DocumentProblem:
    return DocumentProblem(
        translate("chat", "{0} and what follows is too much for one question.").format(place),
        advice=translate("chat", "Attach fewer files, or only the lines that matter."),
        reason="DOCUMENTS_TOO_LARGE",
    )
