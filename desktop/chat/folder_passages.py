"""Finds the passages of a folder that the question is about, to be attached to it."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.background.jobs import Background, Job
from desktop.chat.attaching import ReadFiles
from rpc.client import Limpet
from rpc.failures import DocumentProblem, Failure
from rpc.folder_search import FoundPassages

translate = QCoreApplication.translate


class FolderPassages(QObject):
    """Emits `read` with the passages as attachments; a newer search takes an older one's place."""

    read = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._job: Job | None = None

    def search(self, folder: str, question: str) -> None:
        """Search a folder for what the question is about."""
        if self._job is not None:
            self._job.drop()

        def work(limpet: Limpet) -> FoundPassages:
            return limpet.folders.search(Path(folder), question.encode("utf-8", "surrogatepass"))

        self._job = self._background.call(
            work, lambda found: self._found(folder, found), self._failed
        )

    def _found(self, folder: str, found: FoundPassages) -> None:
        if not found.passages:
            self._tell(
                translate("chat", "Nothing in {0} fits the question.").format(folder),
                translate("chat", "Use other words, or attach the files that matter."),
            )
            return
        whole = Path(folder).absolute()
        attachments = tuple(
            msgspec.structs.replace(each.attachment, path=str(whole / each.path))
            for each in found.passages
        )
        problems: tuple[DocumentProblem, ...] = ()
        if found.is_cut:
            words = translate("chat", "{0} is too large to be searched whole: {1} files were read.")
            advice = translate("chat", "Attach a smaller folder where something is missing.")
            problems = (DocumentProblem(words.format(folder, found.files), advice=advice),)
        self.read.emit(ReadFiles(attachments, problems))

    def _failed(self, failure: Failure) -> None:
        self._tell(failure.message, failure.advice)

    def _tell(self, message: str, advice: str) -> None:
        self.read.emit(ReadFiles((), (DocumentProblem(message, advice=advice),)))


def question_needed(folder: str) -> DocumentProblem:
    """Return what is said of a folder that is attached before there is a question."""
    return DocumentProblem(
        translate("chat", "{0} is a folder.").format(folder),
        advice=translate(
            "chat",
            "Type the question first, then attach the folder: only the parts that it is about are "
            "taken.",
        ),
    )
