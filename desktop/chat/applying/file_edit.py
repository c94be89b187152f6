"""Writes an edit into a file, whole or not at all, and takes it back."""

from __future__ import annotations

from pathlib import Path

import msgspec

from rpc.documents import Document, read_document
from rpc.failures import DocumentProblem
from rpc.whole_file import write_whole


class FileEdit(msgspec.Struct, frozen=True):
    """A file's bytes before and after."""

    path: str
    before: bytes
    after: bytes


class OpenFile(msgspec.Struct, frozen=True):
    """A file as it was read: its text for showing, its bytes for being sure."""

    document: Document
    content: bytes

    @property
    def text(self) -> str:
        """The text; bytes that are no UTF-8 are kept as lone surrogates."""
        return self.document.text.decode("utf-8", "surrogateescape")

    def edit(self, text: str) -> FileEdit:
        """Return the edit that makes this text of the file. Raises TextNotEncodable."""
        content = self.document.encode_back(text.encode("utf-8", "surrogateescape"))
        return FileEdit(self.document.path, self.content, content)


def open_file(path: str) -> OpenFile:
    """Read a file. Raises DocumentProblem."""
    document = read_document(path)
    return OpenFile(document, _read(path))


def apply_edit(edit: FileEdit) -> None:
    """Write the edit, unless the file has changed since it was read. Raises DocumentProblem."""
    _replace(edit.path, edit.before, edit.after)


def undo_edit(edit: FileEdit) -> None:
    """Write what was there before, unless the file has changed. Raises DocumentProblem."""
    _replace(edit.path, edit.after, edit.before)


def _replace(path: str, expected: bytes, content: bytes) -> None:
    if _read(path) != expected:
        raise DocumentProblem(
            f"{path} was changed meanwhile, so it is left as it is.",
            advice="Look at the file, then apply the code again.",
            reason="DOCUMENT_CHANGED",
        )
    target = Path(path).resolve()
    try:
        write_whole(target, content, mode=target.stat().st_mode & 0o7777)
    except OSError as error:
        raise DocumentProblem(
            f"{path} cannot be written: {error.strerror}.",
            advice="Check the permissions and the free space; the code can still be copied.",
            reason="DOCUMENT_NOT_WRITTEN",
        ) from error


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise DocumentProblem(f"{path} cannot be read: {error.strerror}.") from error
