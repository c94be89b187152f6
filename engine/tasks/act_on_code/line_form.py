"""Shows lines to a model without their indentation, and gives its lines the file's own form."""

from __future__ import annotations

import difflib

import msgspec

_TAB_COLUMNS = 4
_BLANKS = b" \t"
_COMMENTS = (b"/*", b"*", b"//", b"#")


class LineForm(msgspec.Struct, frozen=True):
    """The lines of a part, their shared indentation, and how lines end there."""

    lines: tuple[bytes, ...]
    indentation: bytes
    newline: bytes
    has_tabs: bool

    @property
    def shown(self) -> bytes:
        """The part as the model sees it: not indented, lines ended by a line feed."""
        size = len(self.indentation)
        return b"\n".join(line.rstrip(b"\r\n")[size:].rstrip() for line in self.lines)

    def given_form(self, line: bytes) -> bytes:
        """Return one line of the model's as it stands in the file."""
        bare = line.rstrip()
        if not bare:
            return self.newline
        if self.has_tabs:
            inner = bare.lstrip(b" ")
            tabs, spaces = divmod(len(bare) - len(inner), _TAB_COLUMNS)
            bare = b"\t" * tabs + b" " * spaces + inner
        return self.indentation + bare + self.newline

    def joined(self, lines: list[bytes], *, keeps_code: bool = False) -> bytes:
        """Return the new text of the part: lines that stay come back byte for byte.

        With `keeps_code` all old lines stay, and where new ones would have taken their place only
        comments come in front of them.
        """
        old = [_key(line) for line in self.lines]
        new = [_key(line) for line in lines]
        result: list[bytes] = []
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
            new_lines = lines[new_start:new_end] if kind != "equal" else []
            if keeps_code and kind == "replace":
                new_lines = [line for line in new_lines if line.lstrip().startswith(_COMMENTS)]
            result += new_lines
            if kind == "equal" or keeps_code:
                result += self.lines[old_start:old_end]
        result = [line if line.endswith(b"\n") else line + self.newline for line in result]
        if result and not self.lines[-1].endswith(b"\n"):
            result[-1] = result[-1].rstrip(b"\r\n")
        return b"".join(result)


class Settling:
    """Follows how far the new lines have come in the old ones."""

    def __init__(self, form: LineForm) -> None:
        self._old = [_key(line) for line in form.lines]
        self.settled = 0

    def take(self, line: bytes) -> int:
        """Take the next new line; return how many old ones are settled."""
        key = _key(line)
        if key.strip() and key in self._old[self.settled :]:
            self.settled = self._old.index(key, self.settled) + 1
        return self.settled


class AnswerLines:
    """Cuts what the model writes into lines of the file's form, as soon as they are whole."""

    def __init__(self, form: LineForm) -> None:
        self._form = form
        self._rest = b""
        self._extra: bytes | None = None
        self.raw = b""
        self.lines: list[bytes] = []

    def add(self, piece: bytes) -> list[bytes]:
        """Take a piece; return the lines that are whole with it."""
        self.raw += piece
        *whole, self._rest = (self._rest + piece).split(b"\n")
        return self._taken(whole)

    def end(self) -> list[bytes]:
        """Return what was left. Blank lines at the end are no part of the code."""
        rest, self._rest = self._rest, b""
        taken = self._taken([rest] if rest.strip() else [])
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        return taken

    def _taken(self, whole: list[bytes]) -> list[bytes]:
        taken = []
        for line in whole:
            if not self.lines and (not line.strip() or line.startswith(b"```")):
                continue  # nothing, or a fence that was opened twice
            if self._extra is None:
                # Some models indent the code as deep as it once was, though they did not see it.
                first = self._form.shown[:1]
                blank = line[: len(line) - len(line.lstrip(_BLANKS))]
                self._extra = b"" if first in (b" ", b"\t") else blank
            taken.append(self._form.given_form(line.removeprefix(self._extra)))
            self.lines.append(taken[-1])
        return taken


def form_of(part: bytes, text: bytes) -> LineForm:
    """Return the form of the lines of `part`, which stand in `text`."""
    lines = part.split(b"\n")
    whole = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    full = [line for line in whole if line.strip()]
    indents = [line[: len(line) - len(line.lstrip(_BLANKS))] for line in full]
    ends_windows = b"\r\n" in part or (b"\n" not in part and b"\r\n" in text)
    return LineForm(
        tuple(whole),
        _shared_beginning(indents),
        b"\r\n" if ends_windows else b"\n",
        any(b"\t" in each for each in indents) and not any(b" " in each for each in indents),
    )


def _shared_beginning(texts: list[bytes]) -> bytes:
    """Return what all texts begin with: what the first and the last of their order share."""
    if not texts:
        return b""
    first, last = min(texts), max(texts)
    size = 0
    while size < len(first) and first[size] == last[size]:
        size += 1
    return first[:size]


def _key(line: bytes) -> bytes:
    """Return what two lines are compared by: bytes that are no text look alike to a model."""
    return line.rstrip().decode("utf-8", "replace").encode()
