"""The text in an editor as a typist changes it: brackets close themselves, words are found."""

from __future__ import annotations

import re

import msgspec

_PARTNERS = {"(": ")", "[": "]", "{": "}"}
_ENTER = re.compile(r"\n[ \t]*")
_WORD = re.compile(r"\s*(?:\w+|[^\w\s]+)")


class Edit(msgspec.Struct, frozen=True):
    """`text` stands now where `start` to `end` was; offsets count characters."""

    start: int
    end: int
    text: str


class EditorText:
    """One file in an editor: its text, its caret, and the brackets that it closed by itself."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.caret = 0
        # How many of the closing brackets right behind the caret the editor wrote.
        self._closers_ahead = ""

    @property
    def line_before(self) -> str:
        """The caret's line up to the caret."""
        return self.text[self.text.rfind("\n", 0, self.caret) + 1 : self.caret]

    @property
    def line_after(self) -> str:
        """The caret's line behind the caret, without its end."""
        end = self.text.find("\n", self.caret)
        return self.text[self.caret : end if end >= 0 else len(self.text)]

    @property
    def line_number(self) -> int:
        """The caret's line, from 0."""
        return self.text.count("\n", 0, self.caret)

    def go_to(self, line: int, column: int) -> None:
        """Set the caret to a line and column from 1; column 0 is the line's end."""
        lines = self.text.splitlines(keepends=True)
        start = sum(len(each) for each in lines[: line - 1])
        length = len(lines[line - 1].rstrip("\n")) if line <= len(lines) else 0
        self.caret = start + (length if column == 0 else min(column - 1, length))
        self._closers_ahead = ""

    def press(self, key: str) -> Edit | None:
        """Type a key; None where it only moves the caret over a bracket that was there already."""
        if self._closers_ahead.startswith(key) and self.text.startswith(key, self.caret):
            self._closers_ahead = self._closers_ahead[len(key) :]
            self.caret += len(key)
            return None
        partner = _PARTNERS.get(key, "")
        if partner and not self.line_after.strip(")]}:, "):
            self._closers_ahead = partner + self._closers_ahead
            return self._insert(key + partner, caret_after=len(key))
        if key.startswith("\n"):
            self._closers_ahead = self._closers_ahead if self.line_after.strip() else ""
        return self._insert(key, caret_after=len(key))

    def take(self, text: str, replaces: int) -> Edit:
        """Put in a suggestion that overwrites `replaces` characters behind the caret."""
        edit = Edit(self.caret, self.caret + replaces, text)
        self._closers_ahead = self._closers_ahead[replaces:]
        self._apply(edit)
        self.caret = edit.start + len(text)
        return edit

    def erase(self) -> Edit:
        """Press Backspace; between brackets that were typed together both go."""
        behind = self.text[self.caret - 1 : self.caret]
        partner = _PARTNERS.get(behind, "")
        both = bool(partner) and self._closers_ahead.startswith(partner)
        edit = Edit(self.caret - 1, self.caret + both, "")
        self._closers_ahead = self._closers_ahead[both:]
        self._apply(edit)
        self.caret = edit.start
        return edit

    def rename(self, old: str, new: str, first: int, last: int) -> list[Edit]:
        """Replace a word in the lines `first` to `last`; the edits apply one after the other."""
        lines = self.text.splitlines(keepends=True)
        start = sum(len(each) for each in lines[: first - 1])
        end = sum(len(each) for each in lines[:last])
        pattern = re.compile(rf"\b{re.escape(old)}\b")
        found = [match.span() for match in pattern.finditer(self.text, start, end)]
        edits = [Edit(begin, finish, new) for begin, finish in reversed(found)]
        for edit in edits:
            self._apply(edit)
            if edit.end <= self.caret:
                self.caret += len(new) - len(old)
        return edits

    def with_suggestion(self, text: str, replaces: int) -> str:
        """Return the text as it would be with a suggestion."""
        return self.text[: self.caret] + text + self.text[self.caret + replaces :]

    def _insert(self, text: str, caret_after: int) -> Edit:
        edit = Edit(self.caret, self.caret, text)
        self._apply(edit)
        self.caret += caret_after
        return edit

    def _apply(self, edit: Edit) -> None:
        self.text = self.text[: edit.start] + edit.text + self.text[edit.end :]


def next_key(text: str, at: int) -> str:
    """Return the key that types `text` from `at` on: a character, or Enter with indentation."""
    match = _ENTER.match(text, at)
    return match.group() if match else text[at]


def first_word(text: str) -> str:
    """Return the first word of a suggestion with the blanks before it."""
    match = _WORD.match(text)
    return match.group() if match else text
