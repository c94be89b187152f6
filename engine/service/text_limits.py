"""Checks of the texts that clients send, before any task sees them."""

from __future__ import annotations

from engine.errors import PositionOutsideText, UnreadableText

LARGEST_TEXT_BYTES = 10 << 20


def check_size(size_bytes: int, subject: str) -> None:
    """Raise UnreadableText where `subject` is too large to work on."""
    if size_bytes > LARGEST_TEXT_BYTES:
        raise UnreadableText(
            f"{subject} has {size_bytes / (1 << 20):.1f} MiB; "
            f"the engine takes up to {LARGEST_TEXT_BYTES >> 20} MiB.",
            advice="Send a part of it.",
        )


def check_caret(text: bytes, offset: int) -> None:
    """Raise PositionOutsideText where `offset` is beyond the text or inside a UTF-8 character."""
    if offset > len(text):
        raise PositionOutsideText(
            f"The caret is at byte {offset}, but the text has {len(text)} bytes."
        )
    if _is_inside_character(text, offset):
        raise PositionOutsideText(f"The caret at byte {offset} is inside a character.")


def _is_inside_character(text: bytes, offset: int) -> bool:
    """Return whether a well-formed character spans `offset`; stray bytes are none."""
    start = offset - 1
    while start >= max(offset - 3, 0) and text[start] & 0xC0 == 0x80:  # a continuation byte
        start -= 1
    if start < 0 or start + _character_size(text[start]) <= offset:
        return False
    try:
        text[start : start + _character_size(text[start])].decode()
    except UnicodeDecodeError:
        return False
    return True


def _character_size(lead: int) -> int:
    """Return how many bytes a UTF-8 character that begins with `lead` has."""
    if lead >= 0xF0:
        return 4
    if lead >= 0xE0:
        return 3
    return 2 if lead >= 0xC0 else 1
