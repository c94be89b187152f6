"""The form of Markdown that conversations are written in: fences, and attachments between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.conversations.library_file import AttachmentEntry, text_of

_FENCE = re.compile(rb" {0,3}(`{3,}|~{3,})(.*)")
_PLACE = re.compile(rb"`(.+)`:")
_LINES = re.compile(r"(.+):(\d{1,9})-(\d{1,9})")


def is_outside_code(lines: Sequence[bytes], breaks: re.Pattern[bytes] | None = None) -> list[bool]:
    """Return for each line whether it stands outside of fenced code.

    A fence that is never closed, as in an answer that was stopped, holds nothing; neither does one
    that goes on over a line that `breaks`, unless it holds an attachment.
    """
    outside = [True] * len(lines)
    fence, opened = b"", 0
    for number, line in enumerate(lines):
        if fence and breaks and breaks.fullmatch(line) and not _holds_attachment(lines, opened):
            fence = b""
        match = _FENCE.fullmatch(line)
        if not fence:
            if match and not (match[1].startswith(b"`") and b"`" in match[2]):
                fence, opened = match[1], number
        elif match and match[1].startswith(fence) and not match[2].strip():
            outside[opened : number + 1] = [False] * (number + 1 - opened)
            fence = b""
    return outside


def _holds_attachment(lines: Sequence[bytes], opened: int) -> bool:
    return opened >= 2 and not lines[opened - 1] and bool(_PLACE.fullmatch(lines[opened - 2]))


def attachments_in(body: bytes) -> tuple[tuple[AttachmentEntry, ...], bytes]:
    """Return what is attached to an exported message, and what is left of it."""
    lines = body.split(b"\n")
    attached: list[AttachmentEntry] = []
    start = 0
    while True:
        opening = start + 2
        place = _PLACE.fullmatch(lines[start].strip()) if start < len(lines) else None
        fence = lines[opening].strip() if opening < len(lines) else b""
        if place is None or lines[start + 1].strip() or not re.fullmatch(rb"`{3,}", fence):
            break
        closing = next(
            (at for at in range(opening + 1, len(lines)) if lines[at].strip() == fence), None
        )
        if closing is None:
            break
        content = b"".join(line + b"\n" for line in lines[opening + 1 : closing])
        attached.append(_attachment(place[1].decode("utf-8", "replace"), content))
        start = closing + 1
        while start < len(lines) and not lines[start].strip():
            start += 1
    return tuple(attached), stripped(lines[start:])


def stripped(lines: Sequence[bytes]) -> bytes:
    """Return lines as a text without empty ones at its beginning and end."""
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return b"\n".join(lines[first:last])


def _attachment(place: str, content: bytes) -> AttachmentEntry:
    match = _LINES.fullmatch(place)
    if match is None:
        return AttachmentEntry(place, text_of(content))
    return AttachmentEntry(match[1], text_of(content), int(match[2]), int(match[3]))
