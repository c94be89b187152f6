"""Writes an edit of a part of a text as a unified diff."""

from __future__ import annotations

import difflib

_CONTEXT = 3
_NO_END = b"\n\\ No newline at end of file\n"


def unified_diff(path: str, text: bytes, start: int, end: int, new: bytes) -> bytes:
    """Return the diff; empty where nothing changes. Only the lines around the part are compared."""
    line_start = text.rfind(b"\n", 0, start) + 1
    start, new = line_start, text[line_start:start] + new  # behind a byte order mark, say
    before = _lines(text[:start])[-_CONTEXT:]
    after = _lines(text[end:])[:_CONTEXT]
    old_lines = [*before, *_lines(text[start:end]), *after]
    new_lines = [*before, *_lines(new), *after]
    shift = text.count(b"\n", 0, start) - len(before)
    matcher = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    result: list[bytes] = []
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        result.append(_heading(group, shift))
        for kind, old_start, old_end, new_start, new_end in group:
            if kind == "equal":
                result += [_line(b" ", line) for line in old_lines[old_start:old_end]]
                continue
            result += [_line(b"-", line) for line in old_lines[old_start:old_end]]
            result += [_line(b"+", line) for line in new_lines[new_start:new_end]]
    if not result:
        return b""
    name = path.lstrip("/").encode("utf-8", "replace").replace(b"\n", b" ")
    return b"--- a/%b\n+++ b/%b\n" % (name, name) + b"".join(result)


def _heading(group: list[tuple[str, int, int, int, int]], shift: int) -> bytes:
    old = _range(group[0][1] + shift, group[-1][2] + shift)
    new = _range(group[0][3] + shift, group[-1][4] + shift)
    return b"@@ -%b +%b @@\n" % (old, new)


def _range(start: int, end: int) -> bytes:
    size = end - start
    first = start + 1 if size else start
    return b"%d" % first if size == 1 else b"%d,%d" % (first, size)


def _line(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + _NO_END


def _lines(text: bytes) -> list[bytes]:
    """Cut only at line feeds, as diff programs do."""
    lines = [line + b"\n" for line in text.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
