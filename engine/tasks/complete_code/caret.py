"""The text around a caret, taken apart."""

from __future__ import annotations

import msgspec

_CLOSERS = frozenset(b" \t)]}>\"'`;:,.")


class CaretText(msgspec.Struct, frozen=True):
    """A text cut at the caret, with line ends as `\\n`.

    `before` and `below` are whole lines, `line_before` and `line_after` the two parts of the
    caret's line without its end. `newline` is what the text itself uses.
    """

    before: bytes
    line_before: bytes
    line_after: bytes
    below: bytes
    newline: bytes

    @property
    def head(self) -> bytes:
        """All text before the caret."""
        return self.before + self.line_before

    @property
    def tail(self) -> bytes:
        """All text behind the caret."""
        return self.line_after + self.below

    @property
    def line_after_is_closing(self) -> bool:
        """Whether only brackets, quotes and the like follow on the line, which most often a
        suggestion closes itself.
        """
        return all(byte in _CLOSERS for byte in self.line_after)

    @property
    def is_in_front_of_code(self) -> bool:
        """Whether nothing but indentation stands before the caret and code after it.

        Then what is wanted is a line of its own above the one that stands there.
        """
        return not self.line_before.strip() and bool(self.line_after.strip())


# So short a line (`}`, `pass`) may well be meant again, and so far down nobody looks.
_SHORT_LINE_BYTES = 4
_LINES_BELOW = 4


def lines_below(caret: CaretText) -> tuple[bytes, ...]:
    """Return the next lines with text behind the caret's own, or from it on in front of code.

    Without blanks at their ends; short ones, which say little, are left out.
    """
    text = caret.below
    if caret.is_in_front_of_code:
        text = caret.line_before + caret.line_after + text
    found = (line.rstrip() for line in text.split(b"\n", 64) if line.strip())
    nearest = (line for line, _ in zip(found, range(_LINES_BELOW), strict=False))
    return tuple(line for line in nearest if len(line.strip()) > _SHORT_LINE_BYTES)


def cut_at(text: bytes, caret_offset: int) -> CaretText:
    """Return the text cut at a byte offset."""
    newline = _newline_of(text)
    head, tail = text[:caret_offset], text[caret_offset:]
    if head.endswith(b"\r") and tail.startswith(b"\n"):
        head = head[:-1]  # a caret inside a line end stands at the end of that line
    head = _with_plain_line_ends(head, newline)
    tail = _with_plain_line_ends(tail, newline)
    before, _, line_before = head.rpartition(b"\n")
    if len(before) < len(head) - len(line_before):
        before += b"\n"
    line_after, end, below = tail.partition(b"\n")
    return CaretText(before, line_before, line_after, end + below, newline)


def _newline_of(text: bytes) -> bytes:
    """Return the line end that most lines have."""
    crlf = text.count(b"\r\n")
    return b"\r\n" if crlf > text.count(b"\n") - crlf else b"\n"


def _with_plain_line_ends(text: bytes, newline: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n") if newline == b"\r\n" else text
