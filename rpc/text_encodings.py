"""Finds out how a file's text is encoded, and turns it into UTF-8 and back."""

from __future__ import annotations

import codecs
import re

from rpc.failures import DocumentBinary, DocumentUnreadable

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Text in an old 8-bit encoding has none of these; compressed data and programs soon do.
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_content(name: str, content: bytes) -> tuple[bytes, str]:
    """Return a file's content as UTF-8 without byte order mark, and the encoding it had.

    Lone surrogates are kept. Raises DocumentBinary, DocumentUnreadable.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_marked(name, content.removeprefix(mark), encoding), encoding
    if b"\0" in content:
        raise DocumentBinary(f"{name} is not a text file.")
    if content.startswith(codecs.BOM_UTF8):
        unmarked = content.removeprefix(codecs.BOM_UTF8)
        if _is_utf8(unmarked):
            return unmarked, "utf-8-sig"
    if _is_utf8(content):
        return content, "utf-8"
    if _CONTROL_BYTES.search(content):
        raise DocumentBinary(f"{name} is not a text file.")
    try:
        return content.decode("cp1252").encode("utf-8"), "cp1252"
    except UnicodeDecodeError:
        return content.decode("latin-1").encode("utf-8"), "latin-1"


def encode_text(text: bytes, encoding: str) -> bytes:
    """Return UTF-8 in the encoding that `decode_content` found, mark included.

    Raises UnicodeError where that encoding cannot hold it.
    """
    if encoding == "utf-8":
        return text
    if encoding == "utf-8-sig":
        return codecs.BOM_UTF8 + text
    characters = text.decode("utf-8", "surrogatepass")
    for mark, marked_encoding in _MARKS:
        if encoding == marked_encoding:
            return mark + characters.encode(encoding, "surrogatepass")
    return characters.encode(encoding)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _decode_marked(name: str, content: bytes, encoding: str) -> bytes:
    try:
        return content.decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise DocumentUnreadable(
            f"{name} says that it is {encoding.upper()} text, but is damaged or cut off.",
            advice="Save it again in your editor, best as UTF-8.",
        ) from error
