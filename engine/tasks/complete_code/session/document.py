"""The text of an editor, kept in step by its changes."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import PositionOutsideText, UnreadableText
from engine.tasks.complete_code.session.events import OffsetUnit, TextChange

MOST_TEXT_BYTES = 10 << 20


class Document:
    """A versioned text. Offsets come in the editor's unit and are turned into bytes here."""

    def __init__(self, text: bytes, version: int, unit: OffsetUnit) -> None:
        _check_size(len(text))
        self.text = text
        self.version = version
        self._unit = unit
        self._is_ascii = text.isascii()
        # Where the last change's new bytes are.
        self.last_change = (0, 0)

    def change(self, base_version: int, version: int, changes: Sequence[TextChange]) -> bool:
        """Apply changes all or none; False where the editor must send the whole text.

        That is so when the base is not this version, or a change lies outside the text.
        """
        if base_version != self.version or version <= base_version:
            return False
        before = self.text, self._is_ascii
        try:
            for change in changes:
                self._replace(change)
        except PositionOutsideText:
            self.text, self._is_ascii = before
            return False
        self.version = version
        return True

    def byte_offset(self, offset: int) -> int:
        """Return an offset in bytes. Raises PositionOutsideText."""
        if self._is_ascii or self._unit is OffsetUnit.BYTES:
            if offset > len(self.text):
                raise PositionOutsideText(
                    f"Offset {offset} lies beyond the text, which ends at {len(self.text)}."
                )
            return offset
        return byte_offset(self.text, offset, self._unit)

    def units_in(self, text: bytes) -> int:
        """Return the length of a part of the text in the editor's unit."""
        return units_in(text, self._unit)

    def _replace(self, change: TextChange) -> None:
        if change.end < change.start:
            raise PositionOutsideText("A change ends before it begins.")
        start = self.byte_offset(change.start)
        end = start if change.end == change.start else self.byte_offset(change.end)
        _check_size(len(self.text) - (end - start) + len(change.text))
        self.text = self.text[:start] + change.text + self.text[end:]
        self._is_ascii = self._is_ascii and change.text.isascii()
        self.last_change = (start, start + len(change.text))


def units_in(text: bytes, unit: OffsetUnit) -> int:
    """Return the length of UTF-8 text in a unit; a byte that is not UTF-8 counts as one."""
    if unit is OffsetUnit.BYTES or text.isascii():
        return len(text)
    characters = text.decode("utf-8", "surrogateescape")
    if unit is OffsetUnit.CODE_POINTS:
        return len(characters)
    return len(characters) + sum(character > "\uffff" for character in characters)


def byte_offset(text: bytes, offset: int, unit: OffsetUnit) -> int:
    """Return where in UTF-8 text an offset of a unit lies. Raises PositionOutsideText."""
    characters = text.decode("utf-8", "surrogateescape")
    if unit is OffsetUnit.UTF16:
        offset = _code_points(characters, offset)
    if offset > len(characters):
        raise PositionOutsideText(f"The text ends before offset {offset}.")
    return len(characters[:offset].encode("utf-8", "surrogateescape"))


def _code_points(characters: str, utf16_offset: int) -> int:
    """Return the number of code points in so many UTF-16 units."""
    encoded = characters.encode("utf-16-le", "surrogatepass")
    if 2 * utf16_offset > len(encoded):
        raise PositionOutsideText(f"The text ends before offset {utf16_offset}.")
    head = encoded[: 2 * utf16_offset]
    if head and 0xD8 <= head[-1] <= 0xDB and 2 * utf16_offset < len(encoded):
        following = encoded[2 * utf16_offset + 1]
        if 0xDC <= following <= 0xDF:
            raise PositionOutsideText(f"Offset {utf16_offset} lies inside a character.")
    return len(head.decode("utf-16-le", "surrogatepass"))


def _check_size(size: int) -> None:
    if size > MOST_TEXT_BYTES:
        raise UnreadableText(
            f"The text has {size >> 20} MiB; completion works up to {MOST_TEXT_BYTES >> 20} MiB."
        )
