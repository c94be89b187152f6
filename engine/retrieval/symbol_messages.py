"""What the index and the process that reads symbols for it say to each other."""

from __future__ import annotations

import msgspec

from engine.retrieval.symbols import Definition


class ReadSymbols(msgspec.Struct, frozen=True):
    """Ask for what a text defines."""

    path: str
    text: bytes


class FileSymbols(msgspec.Struct, frozen=True):
    """What a file defines; `language` is that of its grammar, "" where nothing is known."""

    path: str
    language: str
    definitions: tuple[Definition, ...]
