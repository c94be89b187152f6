"""Cuts a streamed Markdown answer into blocks that are finished and one that is not.

A finished block is drawn once and for all; only the unfinished tail is drawn again, so that the
cost of a token does not grow with the answer.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^ *(`{3,}|~{3,})(.*)$")
_LIST_ITEM = re.compile(r"^ *([-*+]|\d{1,9}[.)])(\s|$)")


class MarkdownBlocks:
    """Takes pieces of text and gives back blocks.

    A block ends at a blank line outside a fence; a list or quote goes on after blank lines as long
    as its items do. All blocks and the tail together are exactly the text that was added.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._unfinished_line = ""
        self._fence = ""

    @property
    def tail(self) -> str:
        """The text of the unfinished block."""
        return "".join(self._lines) + self._unfinished_line

    def add(self, text: str) -> list[str]:
        """Take a piece and return the blocks that it finishes."""
        *whole, rest = (self._unfinished_line + text).split("\n")
        self._unfinished_line = rest
        blocks = (self._take_line(line + "\n") for line in whole)
        return [block for block in blocks if block]

    def end(self) -> str:
        """Return the last block; empty where everything is finished already."""
        tail = self.tail
        self._lines, self._unfinished_line, self._fence = [], "", ""
        return tail

    def _take_line(self, line: str) -> str:
        """Return the block that ends before or with this line, or nothing."""
        if self._fence:
            self._lines.append(line)
            if not self._closes_fence(line):
                return ""
            self._fence = ""
            return "" if self._is_open_ended() else self._seal()
        if not line.strip():
            self._lines.append(line)
            return "" if self._is_open_ended() else self._seal()
        block = "" if self._continues(line) else self._seal()
        fence = _FENCE.match(line)
        if fence and not (fence[1][0] == "`" and "`" in fence[2]):
            self._fence = fence[1]
        self._lines.append(line)
        return block

    def _closes_fence(self, line: str) -> bool:
        mark = line.strip()
        return len(mark) >= len(self._fence) and not mark.strip(self._fence[0])

    def _is_open_ended(self) -> bool:
        """Whether the block is a list or quote, which a blank line does not end."""
        first = next((line for line in self._lines if line.strip()), "")
        return bool(_LIST_ITEM.match(first)) or first.lstrip().startswith(">")

    def _continues(self, line: str) -> bool:
        """Whether a line that is not blank belongs to the block so far."""
        if not self._lines or self._lines[-1].strip():
            return True
        if self._lines[0].lstrip().startswith(">"):
            return line.lstrip().startswith(">")
        return line.startswith(" ") or bool(_LIST_ITEM.match(line))

    def _seal(self) -> str:
        block = "".join(self._lines)
        self._lines = []
        return block
