"""Tells the programming language of a file and what is known about it."""

from __future__ import annotations

import functools
import re
import tomllib
from enum import StrEnum
from importlib.resources import files
from pathlib import PurePosixPath

import msgspec

PLAIN_TEXT = "text"

# `#!/usr/bin/env -S python3 -u`, `#!/bin/sh`: the last path component of the program, or what
# `env` is to start. A version at its end (`python3.11`) is no part of the name.
SHEBANG = re.compile(rb"^#!\s*\S*?([^/\s]+)(?:\s+(.*))?$")
VERSION = re.compile(r"[\d.]+$")


class Blocks(StrEnum):
    """How a language shows where a block of code ends."""

    INDENT = "indent"
    BRACES = "braces"
    KEYWORDS = "keywords"
    TAGS = "tags"
    NONE = "none"


class BlockComment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marks around a comment of several lines."""

    opens: str
    closes: str


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the engine knows about a language.

    `name` is the data file's name, `fence` the word behind a Markdown code fence. An empty
    `line_comment` and a missing `block_comment` say that there is none. `block_openers` are
    keywords whose line may begin a block, `block_closers` those that end one where `blocks` is
    `keywords`. `string_delimiters` come longest first. `top_level_keywords` begin a line at the
    left margin. Keywords of languages that are not `case_sensitive` are in small letters.
    """

    title: str
    fence: str
    extensions: tuple[str, ...]
    blocks: Blocks
    name: str = ""
    file_names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    line_comment: str = ""
    block_comment: BlockComment | None = None
    block_openers: tuple[str, ...] = ()
    block_closers: tuple[str, ...] = ()
    string_delimiters: tuple[str, ...] = ()
    top_level_keywords: tuple[str, ...] = ()
    case_sensitive: bool = True


@functools.cache
def languages() -> dict[str, Language]:
    """Return every language by name, read once from the package's data."""
    found: dict[str, Language] = {}
    for entry in files(__package__).iterdir():
        if entry.name.endswith(".toml"):
            name = entry.name.removesuffix(".toml")
            facts = tomllib.loads(entry.read_text(encoding="utf-8"))
            found[name] = msgspec.convert({**facts, "name": name}, Language)
    return found


def language_of(path: str, first_line: bytes = b"") -> Language:
    """Return the language by file name, else by extension, else by the shebang in `first_line`.

    What none of them tells is plain text.
    """
    by_file_name, by_extension, by_interpreter = _indexes()
    file = PurePosixPath(path.replace("\\", "/"))
    return (
        by_file_name.get(file.name)
        or by_extension.get(file.suffix.lower())
        or by_interpreter.get(interpreter_of(first_line))
        or languages()[PLAIN_TEXT]
    )


def interpreter_of(first_line: bytes) -> str:
    """Return the name of the program that a script's first line asks for, "" without one."""
    match = SHEBANG.match(first_line.splitlines()[0].rstrip() if first_line else b"")
    if match is None:
        return ""
    program = match[1]
    if program == b"env":
        words = (word for word in (match[2] or b"").split() if not word.startswith(b"-"))
        program = next((word for word in words if b"=" not in word), b"").rpartition(b"/")[2]
    name = program.decode("ascii", "replace")
    return VERSION.sub("", name) or name


@functools.cache
def _indexes() -> tuple[dict[str, Language], dict[str, Language], dict[str, Language]]:
    """Return the languages by file name, by extension and by interpreter."""
    known = languages().values()
    return (
        {name: language for language in known for name in language.file_names},
        {extension: language for language in known for extension in language.extensions},
        {VERSION.sub("", name): language for language in known for name in language.interpreters},
    )
