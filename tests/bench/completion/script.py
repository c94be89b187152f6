"""Editing sessions as data: the steps of a typist, and how they are read and written.

`docs/completion.md` documents the format.
"""

from __future__ import annotations

import hashlib
import sysconfig
from pathlib import Path
from typing import Literal

import msgspec

from tests.bench.engine.figures import BenchFailure

FORMAT = 1
_STANDARD_LIBRARY = "stdlib:"

Taking = Literal["all", "word", "nothing"]


class Cut(msgspec.Struct, frozen=True):
    """Lines, from 1, that are taken out of a source before its file is opened."""

    first: int
    last: int


class Source(msgspec.Struct, frozen=True):
    """Where a file's text comes from: `stdlib:json/encoder.py`, or a path beside the script."""

    text: str
    cuts: tuple[Cut, ...] = ()
    sha256: str = ""


class Head(msgspec.Struct, frozen=True):
    """The first line of a script: the typist's hand and the files."""

    format: int
    name: str
    files: dict[str, Source]
    # The usual time from one key to the next; the hand varies it, always in the same way.
    milliseconds_a_key: int = 120
    # How long the typist looks at the screen for a suggestion.
    patience_ms: int = 5000
    seed: int = 1


class Open(msgspec.Struct, frozen=True, tag_field="do", tag="open"):
    """A file comes to the front."""

    file: str


class Caret(msgspec.Struct, frozen=True, tag_field="do", tag="caret"):
    """The caret goes to a line and column, both from 1; column 0 is the line's end."""

    line: int
    column: int = 0


class Look(msgspec.Struct, frozen=True):
    """Before the character `at` of the text that is typed, the typist looks for a suggestion."""

    at: int
    takes: Taking = "all"


class Slip(msgspec.Struct, frozen=True):
    """Before the character `at`, the typist hits wrong keys and deletes what they wrote."""

    at: int
    text: str


class Type(msgspec.Struct, frozen=True, tag_field="do", tag="type"):
    """A text is typed; a line end with the indentation behind it is one key."""

    text: str
    looks: tuple[Look, ...] = ()
    slips: tuple[Slip, ...] = ()


class Delete(msgspec.Struct, frozen=True, tag_field="do", tag="delete"):
    """So many characters before the caret are deleted, one key each."""

    count: int


class Rename(msgspec.Struct, frozen=True, tag_field="do", tag="rename"):
    """A word becomes another wherever it stands in a range of lines, in one change."""

    old: str
    new: str
    first: int
    last: int


class Pause(msgspec.Struct, frozen=True, tag_field="do", tag="pause"):
    """The typist thinks."""

    milliseconds: int


class Save(msgspec.Struct, frozen=True, tag_field="do", tag="save"):
    """The file is saved."""


Step = Open | Caret | Type | Delete | Rename | Pause | Save


class Script(msgspec.Struct, frozen=True):
    """One editing session; `folder` is where relative sources are."""

    head: Head
    steps: tuple[Step, ...]
    folder: Path = Path()

    def text_of(self, file: str) -> str:
        """Return a file's text as it is when it is first opened. Raises BenchFailure."""
        source = self.head.files[file]
        content = _content(source.text, self.folder)
        if source.sha256 and hashlib.sha256(content).hexdigest() != source.sha256:
            raise BenchFailure(f"{source.text} is not the text that {self.head.name} was made for")
        lines = content.decode("utf-8").splitlines(keepends=True)
        gone = {number for cut in source.cuts for number in range(cut.first, cut.last + 1)}
        return "".join(line for number, line in enumerate(lines, 1) if number not in gone)


def read_script(path: Path) -> Script:
    """Read a script: JSON lines, the head first. Raises BenchFailure."""
    try:
        first, *others = [line for line in path.read_bytes().splitlines() if line.strip()]
        head = msgspec.json.decode(first, type=Head)
        steps = tuple(msgspec.json.decode(line, type=Step) for line in others)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise BenchFailure(f"{path} is no session: {error}") from error
    if head.format != FORMAT:
        raise BenchFailure(f"{path} has format {head.format}; this program reads {FORMAT}")
    return Script(head, steps, path.parent)


def read_scripts(path: Path) -> list[Script]:
    """Read a script, or all `*.jsonl` of a folder. Raises BenchFailure where there is none."""
    paths = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not paths:
        raise BenchFailure(f"{path} holds no session (*.jsonl)")
    return [read_script(each) for each in paths]


def write_script(script: Script, path: Path) -> None:
    """Write a script in the form that `read_script` reads."""
    lines = [msgspec.json.encode(each) for each in (script.head, *script.steps)]
    path.write_bytes(b"\n".join(lines) + b"\n")


def standard_library_text(name: str) -> bytes:
    """Return the source of a module of the Python that runs. Raises BenchFailure."""
    return _content(_STANDARD_LIBRARY + name, Path())


def _content(source: str, folder: Path) -> bytes:
    if source.startswith(_STANDARD_LIBRARY):
        name = source.removeprefix(_STANDARD_LIBRARY)
        path = Path(sysconfig.get_path("stdlib")) / name
    else:
        path = folder / source
    try:
        return path.read_bytes()
    except OSError as error:
        raise BenchFailure(f"{source} cannot be read: {error}") from error
