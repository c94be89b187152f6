"""The documentation as the tests see it: its files, and the code and tables in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.tracked_files import read, tracked_files

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A Markdown file of the repository."""

    path: str
    text: str

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _FENCE.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """Return the fenced blocks of a language."""
        return [body for name, body in _FENCE.findall(self.text) if name == language]

    def spans(self) -> list[str]:
        """Return what stands in backticks."""
        return _SPAN.findall(self.prose)

    def anchors(self) -> set[str]:
        """Return the anchors of the headings, as code hosts make them."""
        return {_anchor(heading) for heading in _HEADING.findall(self.prose)}

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells of every row of every table."""
        for line in self.prose.splitlines():
            if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
                yield [cell.strip() for cell in line.strip("|").split("|")]

    def first_cells(self) -> set[str]:
        """Return what stands in backticks in the first cells of all tables."""
        return {span for row in self.rows() for span in _SPAN.findall(row[0])}


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\s-]", "", heading.lower())
    return kept.strip().replace(" ", "-")


def documents() -> list[Document]:
    """Return every Markdown file."""
    return [Document(path, read(path)) for path in tracked_files("*.md")]


def document(path: str) -> Document:
    """Return one of them."""
    return Document(path, read(path))
