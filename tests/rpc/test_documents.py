"""Files of every kind, read as a client sends them and written back byte for byte."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rpc.documents import Document, document_of_bytes, document_of_text, read_document, text_of
from rpc.failures import (
    DocumentBinary,
    DocumentMissing,
    DocumentProblem,
    DocumentTooLarge,
    DocumentUnreadable,
    PositionOutside,
    TextNotEncodable,
)

LONE_HIGH = b"\xed\xa0\x80"  # U+D800 as UTF-8 would have it

READABLE = {
    # name: (content, encoding, text as UTF-8, newline)
    "empty": (b"", "utf-8", b"", ""),
    "plain": (b"a = 1\n", "utf-8", b"a = 1\n", "\n"),
    "without a last line ending": (b"a\nb", "utf-8", b"a\nb", "\n"),
    "windows line endings": (b"a\r\nb\r\n", "utf-8", b"a\r\nb\r\n", "\r\n"),
    "old macintosh line endings": (b"a\rb\r", "utf-8", b"a\rb\r", "\r"),
    "chinese": ("变量\n".encode(), "utf-8", "变量\n".encode(), "\n"),
    "utf-8 with a mark": (b"\xef\xbb\xbfa\n", "utf-8-sig", b"a\n", "\n"),
    "only a mark": (b"\xef\xbb\xbf", "utf-8-sig", b"", ""),
    "two marks": (b"\xef\xbb\xbf\xef\xbb\xbfa", "utf-8-sig", b"\xef\xbb\xbfa", ""),
    "utf-16 little": (b"\xff\xfea\0\n\0", "utf-16-le", b"a\n", "\n"),
    "utf-16 big": (b"\xfe\xff\0a\0\r\0\n", "utf-16-be", b"a\r\n", "\r\n"),
    "utf-16 with a lone surrogate": (b"\xff\xfe\x00\xd8a\0", "utf-16-le", LONE_HIGH + b"a", ""),
    "utf-16 with a pair": (b"\xff\xfe\x3d\xd8\x00\xde", "utf-16-le", "😀".encode(), ""),
    "utf-32 little": (b"\xff\xfe\0\0a\0\0\0", "utf-32-le", b"a", ""),
    "utf-32 big": (b"\0\0\xfe\xff\0\0\0a", "utf-32-be", b"a", ""),
    "utf-8 with a lone surrogate": (b"a" + LONE_HIGH, "utf-8", b"a" + LONE_HIGH, ""),
    "latin letters": (b"caf\xe9\n", "cp1252", "café\n".encode(), "\n"),
    "windows quotes": (b"\x93a\x94", "cp1252", "“a”".encode(), ""),
    "latin-1 only": (b"a\x81b", "latin-1", "a\x81b".encode(), ""),
    "mark but broken after it": (b"\xef\xbb\xbf\xe9", "cp1252", "ï»¿é".encode(), ""),
    "escape sequences in utf-8": (b"\x1b[31m\x01\n", "utf-8", b"\x1b[31m\x01\n", "\n"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "encoding", "text", "newline"), READABLE.values(), ids=READABLE
)
def test_text_comes_in_as_utf8_and_goes_back_byte_for_byte(
    tmp_path: Path, content: bytes, encoding: str, text: bytes, newline: str
) -> None:
    path = tmp_path / "file.py"
    path.write_bytes(content)

    document = read_document(path)

    assert (document.encoding, document.text, document.newline) == (encoding, text, newline)
    assert document.encode_back(document.text) == content
    assert document.path == str(path)


BINARY_OR_DAMAGED = {
    "a NUL byte": (b"a\0b", DocumentBinary),
    "a program": (b"\x7fELF\x02\x01\x01\0\0\0", DocumentBinary),
    "compressed": (b"\x1f\x8b\x08\x08\xe9\xff\x10", DocumentBinary),
    "utf-16 cut off": (b"\xff\xfea\0b", DocumentUnreadable),
    "utf-32 beyond unicode": (b"\xff\xfe\0\0\xff\xff\xff\xff", DocumentUnreadable),
}


@pytest.mark.parametrize(("content", "problem"), BINARY_OR_DAMAGED.values(), ids=BINARY_OR_DAMAGED)
def test_content_that_is_no_text_is_refused(
    tmp_path: Path, content: bytes, problem: type[DocumentProblem]
) -> None:
    path = tmp_path / "blob"
    path.write_bytes(content)

    with pytest.raises(problem, match="blob") as caught:
        read_document(path)

    assert caught.value.exit_code == 2
    assert caught.value.advice


def _folder(path: Path) -> None:
    path.mkdir()


def _named_pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def _link_loop(path: Path) -> None:
    path.symlink_to(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _hundred_mebibytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 << 20)


def _below_a_file(path: Path) -> None:
    path.write_bytes(b"")
    os.link(path, path.with_suffix(".kept"))
    path.unlink()
    path.symlink_to(path.with_suffix(".kept") / "below")


REFUSED: dict[str, tuple[Callable[[Path], None], type[DocumentProblem], str]] = {
    "missing": (lambda path: None, DocumentMissing, "There is no file"),
    "folder": (_folder, DocumentUnreadable, "is a folder, not a file"),
    "named pipe": (_named_pipe, DocumentUnreadable, "is a named pipe, not a file"),
    "socket": (_socket, DocumentUnreadable, "is a socket, not a file"),
    "device": (_device, DocumentUnreadable, "is a device, not a file"),
    "link loop": (_link_loop, DocumentUnreadable, "links lead in a circle"),
    "below a file": (_below_a_file, DocumentMissing, "There is no file"),
    "100 MiB": (_hundred_mebibytes, DocumentTooLarge, "100.0 MiB, where at most 10.0 MiB"),
}


@pytest.mark.parametrize(("make", "problem", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_small_regular_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], None], problem: type[DocumentProblem], sentence: str
) -> None:
    path = tmp_path / "thing"
    make(path)

    started = time.monotonic()
    with pytest.raises(problem, match=sentence):
        read_document(path)

    assert time.monotonic() - started < 0.2


def test_a_path_with_a_nul_character_is_refused() -> None:
    with pytest.raises(DocumentMissing, match="is no path"):
        read_document("a\0b")


@contextmanager
def _without_root() -> Iterator[None]:
    """Read as somebody whom permissions bind."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.py"
    path.write_bytes(b"a")
    path.chmod(0)

    with _without_root(), pytest.raises(DocumentUnreadable, match="you have no permission"):
        read_document(path)


def test_a_file_that_grows_beyond_the_limit_is_refused() -> None:
    with pytest.raises(DocumentTooLarge, match="more than 0"):
        document_of_bytes("standard input", b"123456", max_bytes=5)


def test_text_that_the_encoding_cannot_hold_is_refused() -> None:
    document = document_of_bytes("old.py", b"caf\xe9")

    with pytest.raises(TextNotEncodable, match="stored as cp1252"):
        document.encode_back("变量".encode())


PLACES = {
    # name: (text, line, column, what stands before the caret)
    "start": ("ab\ncd\n", 1, 1, ""),
    "middle": ("ab\ncd\n", 2, 2, "ab\nc"),
    "end of line": ("ab\ncd\n", 1, 3, "ab"),
    "empty last line": ("ab\ncd\n", 3, 1, "ab\ncd\n"),
    "empty file": ("", 1, 1, ""),
    "windows line ending": ("ab\r\ncd", 1, 3, "ab"),
    "after a windows line ending": ("ab\r\ncd", 2, 1, "ab\r\n"),
    "old macintosh": ("ab\rcd", 2, 1, "ab\r"),
    "after wide characters": ("变😀x\n", 1, 3, "变😀"),
    "combining mark": ("e\u0301x", 1, 3, "e\u0301"),
    "after a lone surrogate": ("\ud800x", 1, 2, "\ud800"),
    "form feed is no line ending": ("a\x0cb\nc", 2, 1, "a\x0cb\n"),
    "line separator is no line ending": ("a\u2028b\nc", 2, 1, "a\u2028b\n"),
}


@pytest.mark.parametrize(("text", "line", "column", "before"), PLACES.values(), ids=PLACES)
def test_a_place_becomes_an_offset_in_bytes(text: str, line: int, column: int, before: str) -> None:
    document = document_of_text("a.py", text)

    assert document.offset_of(line, column) == len(before.encode("utf-8", "surrogatepass"))


OUTSIDE = {
    "line beyond": ("ab\ncd", 3, 1, "has 2 lines; line 3 is beyond"),
    "column beyond": ("ab\ncd", 1, 4, "Line 1 of a.py has 2 characters; column 4"),
    "column beyond one character": ("a\n", 1, 3, "has 1 character; column 3"),
    "between carriage return and line feed": ("ab\r\n", 1, 4, "column 4"),
    "line 0": ("ab", 0, 1, "no line 0"),
    "column 0": ("ab", 1, 0, "no column 0"),
}


@pytest.mark.parametrize(("text", "line", "column", "sentence"), OUTSIDE.values(), ids=OUTSIDE)
def test_a_place_outside_the_text_is_refused(
    text: str, line: int, column: int, sentence: str
) -> None:
    with pytest.raises(PositionOutside, match=sentence):
        document_of_text("a.py", text).offset_of(line, column)


RANGES = {
    "one line": ("a\nb\nc\n", 2, 2, b"b\n"),
    "several": ("a\nb\nc\n", 1, 2, b"a\nb\n"),
    "all": ("a\r\nb", 1, 2, b"a\r\nb"),
}


@pytest.mark.parametrize(("text", "first", "last", "expected"), RANGES.values(), ids=RANGES)
def test_lines_come_with_their_endings(text: str, first: int, last: int, expected: bytes) -> None:
    assert document_of_text("a.py", text).lines(first, last) == expected


RANGES_OUTSIDE = {
    "end beyond": (1, 4, "has 3 lines; line 4"),
    "start beyond": (5, 9, "has 3 lines; line 5"),
    "turned round": (3, 2, "no range"),
    "from 0": (0, 2, "no range"),
}


@pytest.mark.parametrize(("first", "last", "sentence"), RANGES_OUTSIDE.values(), ids=RANGES_OUTSIDE)
def test_lines_outside_the_text_are_refused(first: int, last: int, sentence: str) -> None:
    with pytest.raises(PositionOutside, match=sentence):
        document_of_text("a.py", "a\nb\nc\n").lines(first, last)


def test_characters_are_counted_from_bytes() -> None:
    document = document_of_text("a.py", "a变😀\ud800z")

    assert document.characters_in(1, 3 + 4 + 3) == 3


TEXTS = {
    "plain": (b"abc", "abc"),
    "lone surrogate": (LONE_HIGH, "\ud800"),
    "damage": (b"a\xffb", "a\ufffdb"),
}


@pytest.mark.parametrize(("content", "expected"), TEXTS.values(), ids=TEXTS)
def test_bytes_become_a_string_without_ever_failing(content: bytes, expected: str) -> None:
    assert text_of(content) == expected


def test_a_document_cannot_be_changed() -> None:
    document = Document(path="a.py", text=b"")

    with pytest.raises(AttributeError):
        document.text = b"x"  # type: ignore[misc]
