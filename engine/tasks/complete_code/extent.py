"""How far a suggestion goes: to the end of the line, or through a block that is still empty."""

from __future__ import annotations

from engine.languages.indentation import indentation_of
from engine.languages.languages import Blocks, Language
from engine.tasks.complete_code.caret import CaretText


def wants_block(caret: CaretText, language: Language) -> bool:
    """Whether the caret stands where the body of a block begins and nothing of it is there yet."""
    if caret.line_before.strip() or caret.line_after.strip():
        return False
    above = last_line_with_text(caret.before)
    if not opens_block(above, language):
        return False
    below = first_line_with_text(caret.below)
    return not below or indentation_of(below) <= indentation_of(above)


def opens_block(line: bytes, language: Language) -> bool:
    """Whether a line begins a block whose body stands on the lines below it."""
    stripped = line.strip()
    if language.line_comment and stripped.startswith(language.line_comment.encode()):
        return False
    if language.blocks is Blocks.INDENT:
        return stripped.endswith(b":")
    if language.blocks is Blocks.BRACES:
        return stripped.endswith(b"{")
    return False


def last_line_with_text(text: bytes) -> bytes:
    """Return the last line that is not blank, empty where there is none."""
    for line in reversed(text.split(b"\n")):
        if line.strip():
            return line
    return b""


def first_line_with_text(text: bytes) -> bytes:
    """Return the first line that is not blank, empty where there is none."""
    for line in text.split(b"\n"):
        if line.strip():
            return line
    return b""
