"""A file that is edited in the window: its text for Qt, and its bytes with nothing else moved."""

from __future__ import annotations

import bisect
import re

import msgspec

from desktop.chat.applying.file_edit import FileEdit, OpenFile, open_file
from rpc.difference import difference
from rpc.documents import Document
from rpc.failures import DocumentUnreadable

_TWO_CHARACTER_END = re.compile(rb"\r\n")


class CodeFile(msgspec.Struct, frozen=True):
    """A file as it was read. `text` has `\\n` at each line's end, whatever the file has."""

    opened: OpenFile
    text: str

    @property
    def path(self) -> str:
        """The file's path."""
        return self.opened.document.path

    def edit(self, text: str) -> FileEdit:
        """Return the edit that makes this text of the file; untouched lines keep their ends.

        Raises TextNotEncodable.
        """
        document = self.opened.document
        content = document.encode_back(_with_own_line_ends(document, text.encode()))
        return FileEdit(document.path, self.opened.content, content)

    def saved(self, edit: FileEdit, text: str) -> CodeFile:
        """Return the file as it is once an edit was written."""
        document = self.opened.document
        own = msgspec.structs.replace(document, text=_with_own_line_ends(document, text.encode()))
        return CodeFile(OpenFile(own, edit.after), text)


def read_code_file(path: str) -> CodeFile:
    """Read a file to be edited. Raises DocumentProblem."""
    opened = open_file(path)
    text = _plain(opened.document.text)
    if b"\r" in text:
        raise DocumentUnreadable(
            f"{path} has lines that end in a carriage return alone.",
            advice="Convert its line ends with another editor first.",
        )
    try:
        return CodeFile(opened, text.decode())
    except UnicodeDecodeError:
        raise DocumentUnreadable(
            f"{path} holds bytes that are no text in any encoding that Limpet knows."
        ) from None


def _plain(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n")


def _with_own_line_ends(document: Document, text: bytes) -> bytes:
    """Put a changed text with plain line ends into the file's own text."""
    own = document.text
    change = difference(_plain(own), text)
    # Where the second of two characters stands that end a line, counted without the first ones.
    ends = [match.start() - count for count, match in enumerate(_TWO_CHARACTER_END.finditer(own))]
    start = change.start + bisect.bisect_left(ends, change.start)
    end = change.end + bisect.bisect_left(ends, change.end)
    newline = b"\r\n" if document.newline == "\r\n" else b"\n"
    return own[:start] + change.text.replace(b"\n", newline) + own[end:]
