"""Finds the selection that PATH[:FROM-TO] means."""

from __future__ import annotations

import os
from collections.abc import Sequence

from rpc.actions import CodeSelection
from rpc.documents import Document, read_document
from rpc.locations import parse_lines


def selection_at(place: str) -> tuple[Document, CodeSelection]:
    """Return the file and its lines; one line is a caret at its first sign.

    Raises DocumentProblem.
    """
    location = parse_lines(place)
    document = read_document(location.path)
    path, text = location.path, document.text
    if not location.first_line:
        return document, CodeSelection(path, text, 0, len(text))
    selected = document.lines(location.first_line, location.last_line)
    before = text.splitlines(keepends=True)[: location.first_line - 1]
    start = sum(len(line) for line in before)
    if location.first_line == location.last_line:
        start += len(selected) - len(selected.lstrip(b" \t"))
        return document, CodeSelection(path, text, start, start)
    return document, CodeSelection(path, text, start, start + len(selected))


def instruction_of(words: Sequence[str]) -> str:
    """Return the words of the command line as one text."""
    # Bytes that are no UTF-8 arrive as lone surrogates, which no message can carry.
    return os.fsencode(" ".join(words)).decode("utf-8", "replace").strip()
