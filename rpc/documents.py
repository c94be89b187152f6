"""Reads a local file as clients send it, so that it can be written back byte for byte."""

from __future__ import annotations

from pathlib import Path

import msgspec

MAX_DOCUMENT_BYTES = 10 << 20


class Document(msgspec.Struct, frozen=True):
    """A text file: `text` is UTF-8 without a byte order mark, lone surrogates kept.

    `encoding` is `utf-8`, `utf-8-sig`, `utf-16-le`, `utf-16-be`, `utf-32-le`, `utf-32-be` (the last
    four with a byte order mark), `cp1252` or `latin-1`. `newline` is the first line's ending
    (`\\n`, `\\r\\n`, `\\r`), or empty where there is none.
    """

    path: str
    text: bytes
    encoding: str = "utf-8"
    newline: str = ""

    def encode_back(self, text: bytes) -> bytes:
        """Return `text` (UTF-8) in the file's own encoding. Raises TextNotEncodable."""
        raise NotImplementedError

    def offset_of(self, line: int, column: int) -> int:
        """Return the byte offset in `text` of a line and column, both from 1.

        Columns count characters (code points); the one after the last character is allowed.
        Raises PositionOutside.
        """
        raise NotImplementedError

    def lines(self, first: int, last: int) -> bytes:
        """Return the lines `first` to `last`, from 1, with their endings.

        Raises PositionOutside.
        """
        raise NotImplementedError

    def characters_in(self, start: int, size_bytes: int) -> int:
        """Return how many characters the `size_bytes` bytes of `text` from `start` on are."""
        raise NotImplementedError


def read_document(path: str | Path, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Document:
    """Read a regular file of text, never waiting on a FIFO or device. Raises DocumentProblem."""
    raise NotImplementedError


def document_of_bytes(path: str, content: bytes) -> Document:
    """Return the document for content that is at hand already, such as standard input.

    Raises DocumentBinary, DocumentUnreadable.
    """
    raise NotImplementedError


def document_of_text(path: str, text: str) -> Document:
    """Return the document for an editor's text; lone surrogates are kept."""
    raise NotImplementedError


def text_of(content: bytes) -> str:
    """Return UTF-8 as a string that keeps lone surrogates and turns other damage into U+FFFD."""
    raise NotImplementedError
