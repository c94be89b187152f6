"""Decides which files of a project may be read for a prompt at all."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import translate
from importlib.resources import files
from pathlib import Path, PurePosixPath

import msgspec

from engine.languages.languages import language_of
from engine.retrieval.ignore_rules import IgnoreRules
from engine.retrieval.regular_file import read_regular_file
from engine.retrieval.secret_content import secret_in

MOST_BYTES = 1024 * 1024
# Longer lines on average, or one that is much longer, are no code that somebody wrote.
MOST_AVERAGE_LINE_BYTES = 300
MOST_LINE_BYTES = 10_000
_MARKED_BYTES = 2048
_MARKED_LINES = 12


class Refusal(StrEnum):
    """Why a file is not read."""

    OUTSIDE = "outside"
    NO_FILE = "no_file"
    IGNORED = "ignored"
    VENDORED = "vendored"
    SECRET_NAME = "secret_name"  # noqa: S105 - a reason, not a password
    GENERATED = "generated"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    SECRET = "secret"  # noqa: S105 - a reason, not a password


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    vendored_folders: tuple[str, ...]
    vendored_signs: tuple[str, ...]
    secret_folders: tuple[str, ...]
    secret_names: tuple[str, ...]
    generated_names: tuple[str, ...]
    generated_marks: tuple[str, ...]


class ReadableFiles:
    """The files of a project that may be read; without a root, any file by name and content.

    Ignore rules are read when they are first needed; `renewed` reads them again.
    """

    def __init__(self, root: Path | None) -> None:
        self._root = root.resolve() if root is not None else None
        self._rules = IgnoreRules(self._root) if self._root is not None else None

    @property
    def root(self) -> Path | None:
        """The project's folder, with all links resolved."""
        return self._root

    def renewed(self) -> ReadableFiles:
        """Return the same with the ignore rules as they stand now."""
        return ReadableFiles(self._root)

    def inside(self, path: str) -> str | None:
        """Return a path as one relative to the project, with `/`; None if it lies outside.

        Without a root every path is as it is.
        """
        path = path.replace("\\", "/")
        if self._root is None:
            return path or None
        if path.startswith("/"):
            found = _relative(path, self._root)
            if found is None:
                return None
            path = found
        parts = PurePosixPath(path).parts
        return "/".join(parts) if parts and ".." not in parts and "\0" not in path else None

    def refusal_of_path(self, path: str) -> Refusal | None:
        """Return why a path relative to the project may not be read, by its name alone."""
        *folders, name = path.split("/")
        if any(is_secret_folder(folder) for folder in folders):
            return Refusal.SECRET_NAME
        if any(is_vendored_folder(folder) for folder in folders) and self._root is not None:
            return Refusal.VENDORED
        if _matcher("secret_names").match(name.lower()):
            return Refusal.SECRET_NAME
        if _matcher("generated_names").match(name.lower()):
            return Refusal.GENERATED
        if self._rules is not None and self._rules.ignores(path):
            return Refusal.IGNORED
        return None

    def refuses_folder(self, path: str) -> bool:
        """Whether nothing in a folder, relative to the project, may be read."""
        name = path.rpartition("/")[2]
        if is_vendored_folder(name) or is_secret_folder(name):
            return True
        signs = _names().vendored_signs
        if self._root and any((self._root / path / sign).exists() for sign in signs):
            return True
        return self._rules is not None and self._rules.ignores(path, is_folder=True)

    def read(self, path: str) -> bytes | Refusal:
        """Return the content of a file, given relative to the project, or why it is not read.

        A link is followed to a file of the project that may be read itself.
        """
        real = self._real_path(path)
        if isinstance(real, Refusal):
            return real
        text = read_regular_file(real, MOST_BYTES)
        if text is None:
            return Refusal.TOO_LARGE if real.is_file() else Refusal.NO_FILE
        return refusal_of_text(path, text) or text

    def _real_path(self, path: str) -> Path | Refusal:
        """Return where a path leads to, with no links left, if it may be read by its names."""
        refusal = self.refusal_of_path(path)
        if refusal is not None or self._root is None:
            return refusal or Refusal.OUTSIDE
        try:
            real = (self._root / path).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):  # missing, links in a circle, a NUL
            return Refusal.NO_FILE
        if not real.is_relative_to(self._root):
            return Refusal.OUTSIDE
        real_path = real.relative_to(self._root).as_posix()
        refusal = self.refusal_of_path(real_path) if real_path != path else None
        return refusal or real


def refusal_of_text(path: str, text: bytes) -> Refusal | None:
    """Return why a text may not be shown, by its content alone."""
    if len(text) > MOST_BYTES:
        return Refusal.TOO_LARGE
    if b"\0" in text:
        return Refusal.BINARY
    if is_generated(text):
        return Refusal.GENERATED
    if secret_in(text, language_of(path).name):
        return Refusal.SECRET
    return None


def is_generated(text: bytes) -> bool:
    """Whether a text says that a program wrote it, or has lines that nobody writes."""
    start = text[:_MARKED_BYTES].split(b"\n", _MARKED_LINES)[:_MARKED_LINES]
    marks = [mark.encode() for mark in _names().generated_marks]
    if any(mark in line for line in start for mark in marks):
        return True
    lines = text.count(b"\n") + 1
    if len(text) > MOST_AVERAGE_LINE_BYTES * lines:
        return True
    return len(text) > MOST_LINE_BYTES and any(
        len(line) > MOST_LINE_BYTES for line in text.split(b"\n")
    )


def is_vendored_folder(name: str) -> bool:
    """Whether a folder of that name holds what nobody here wrote."""
    return _matcher("vendored_folders").match(name.lower()) is not None


def is_secret_folder(name: str) -> bool:
    """Whether a folder of that name holds keys."""
    return _matcher("secret_folders").match(name.lower()) is not None


@functools.cache
def _names() -> _Names:
    text = (files(__package__) / "readable.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Names)


@functools.cache
def _matcher(field: str) -> re.Pattern[str]:
    globs: Iterable[str] = getattr(_names(), field)
    return re.compile("|".join(translate(glob) for glob in globs))


def _relative(path: str, root: Path) -> str | None:
    """Return an absolute path as one relative to the root, also where links lead there."""
    place = Path(path)
    if not place.is_relative_to(root):
        try:
            place = place.resolve()
        except (OSError, RuntimeError, ValueError):
            return None
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else None
