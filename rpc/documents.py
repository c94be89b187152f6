"""Reads a local file as clients send it, so that it can be written back byte for byte."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

import msgspec

from rpc.failures import (
    DocumentMissing,
    DocumentTooLarge,
    DocumentUnreadable,
    PositionOutside,
    TextNotEncodable,
)
from rpc.text_encodings import decode_content, encode_text

MAX_DOCUMENT_BYTES = 10 << 20

_LINE_END = re.compile(rb"\r\n|\r|\n")
# In UTF-8 these bytes continue a character; every other byte begins one.
_CONTINUATION_BYTES = bytes(range(0x80, 0xC0))
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Document(msgspec.Struct, frozen=True):
    r"""A text file: `text` is UTF-8 without a byte order mark, lone surrogates kept.

    `encoding` is `utf-8`, `utf-8-sig`, `utf-16-le`, `utf-16-be`, `utf-32-le`, `utf-32-be` (the last
    four with a byte order mark), `cp1252` or `latin-1`. `newline` is the first line's ending
    (`\n`, `\r\n`, `\r`), or empty where there is none.
    """

    path: str
    text: bytes
    encoding: str = "utf-8"
    newline: str = ""

    def encode_back(self, text: bytes) -> bytes:
        """Return `text` (UTF-8) in the file's own encoding. Raises TextNotEncodable."""
        try:
            return encode_text(text, self.encoding)
        except UnicodeError as error:
            raise TextNotEncodable(
                f"{self.path} is stored as {self.encoding}, which cannot hold all of the new text."
            ) from error

    def offset_of(self, line: int, column: int) -> int:
        """Return the byte offset in `text` of a line and column, both from 1.

        Columns count characters (code points); the one after the last character is allowed, and
        so is the empty line after a file's last line ending. Raises PositionOutside.
        """
        start, end = self._line_bounds(line)
        characters = self.text[start:end].decode("utf-8", "surrogatepass")
        if column < 1:
            raise PositionOutside(f"Columns count from 1; there is no column {column}.")
        if column > len(characters) + 1:
            raise PositionOutside(
                f"Line {line} of {self.path} has {_counted(len(characters), 'character')}; "
                f"column {column} is beyond its end.",
                advice=f"The last place in this line is column {len(characters) + 1}.",
            )
        return start + len(characters[: column - 1].encode("utf-8", "surrogatepass"))

    def lines(self, first: int, last: int) -> bytes:
        """Return the lines `first` to `last`, from 1, with their endings.

        Raises PositionOutside.
        """
        if not 1 <= first <= last:
            raise PositionOutside(
                f"Lines {first}-{last} are no range: lines count from 1, and the first one must "
                "not be after the last one."
            )
        all_lines = self.text.splitlines(keepends=True)
        if last > len(all_lines):
            raise PositionOutside(
                f"{self.path} has {_counted(len(all_lines), 'line')}; line "
                f"{first if first > len(all_lines) else last} is beyond its end."
            )
        return b"".join(all_lines[first - 1 : last])

    def characters_in(self, start: int, size_bytes: int) -> int:
        """Return how many characters the `size_bytes` bytes of `text` from `start` on are."""
        return len(self.text[start : start + size_bytes].translate(None, _CONTINUATION_BYTES))

    def _line_bounds(self, line: int) -> tuple[int, int]:
        """Return where a line starts and where it ends, its line ending not counted."""
        if line < 1:
            raise PositionOutside(f"Lines count from 1; there is no line {line}.")
        start = 0
        number = 1
        for match in _LINE_END.finditer(self.text):
            if number == line:
                return start, match.start()
            start = match.end()
            number += 1
        if number == line:
            return start, len(self.text)
        raise PositionOutside(
            f"{self.path} has {_counted(number, 'line')}; line {line} is beyond its end."
        )


def read_document(path: str | Path, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> Document:
    """Read a regular file of text, never waiting on a FIFO or device. Raises DocumentProblem."""
    name = os.fspath(path)
    try:
        # Looked at before it is opened, because opening some devices already does something.
        _check_kind_and_size(name, Path(path).stat(), max_bytes)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        with os.fdopen(descriptor, "rb") as file:
            # Looked at again, because the name may mean another file by now.
            _check_kind_and_size(name, os.fstat(file.fileno()), max_bytes)
            content = file.read(max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DocumentMissing(f"There is no file {name}.") from error
    except ValueError as error:  # a NUL character in the path
        raise DocumentMissing(f"{name!r} is no path.") from error
    except OSError as error:
        raise DocumentUnreadable(f"{name} cannot be read: {_reason(error)}.") from error
    return document_of_bytes(name, content, max_bytes=max_bytes)


def document_of_bytes(
    path: str, content: bytes, *, max_bytes: int = MAX_DOCUMENT_BYTES
) -> Document:
    """Return the document for content that is at hand already, such as standard input.

    Raises DocumentTooLarge, DocumentBinary, DocumentUnreadable.
    """
    if len(content) > max_bytes:
        raise _too_large(path, f"more than {_in_mebibytes(max_bytes)}", max_bytes)
    text, encoding = decode_content(path, content)
    return Document(path=path, text=text, encoding=encoding, newline=_first_line_end(text))


def document_of_text(path: str, text: str) -> Document:
    """Return the document for an editor's text; lone surrogates are kept."""
    content = text.encode("utf-8", "surrogatepass")
    return Document(path=path, text=content, newline=_first_line_end(content))


def text_of(content: bytes) -> str:
    """Return UTF-8 as a string that keeps lone surrogates; other damage becomes U+FFFD."""
    try:
        return content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace")


def _check_kind_and_size(name: str, status: os.stat_result, max_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((kind for test, kind in _KINDS if test(status.st_mode)), "something else")
        raise DocumentUnreadable(
            f"{name} is {kind}, not a file.", advice="Name a file with text in it."
        )
    if status.st_size > max_bytes:
        raise _too_large(name, _in_mebibytes(status.st_size), max_bytes)


def _too_large(name: str, size: str, max_bytes: int) -> DocumentTooLarge:
    return DocumentTooLarge(
        f"{name} is too large: {size}, where at most {_in_mebibytes(max_bytes)} can be sent."
    )


def _in_mebibytes(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 20):.1f} MiB"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _reason(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "its links lead in a circle"
    if error.errno == errno.EACCES:
        return "you have no permission"
    return os.strerror(error.errno).lower() if error.errno else str(error)


def _first_line_end(text: bytes) -> str:
    match = _LINE_END.search(text)
    return match.group().decode("ascii") if match else ""
