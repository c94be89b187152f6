"""How far the model writes for a caret, and what of it is kept when it does not come to an end."""

from __future__ import annotations

from enum import StrEnum

from engine.inference.language_model import FinishReason
from engine.languages.indentation import indentation_of
from engine.languages.languages import language_of
from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.extent import (
    first_line_with_text,
    last_line_with_text,
    opens_block,
    wants_block,
)
from engine.tasks.complete_code.question import Extent


class Reach(StrEnum):
    """How far the model writes.

    LINE ends with the line. BLOCK goes through a block. FREE is for places where the text behind
    the caret says what is missing, a line or several: the model ends by itself, and where it does
    not, only its first line is believed.
    """

    LINE = "line"
    FREE = "free"
    BLOCK = "block"


def reach_at(caret: CaretText, path: str, extent: Extent, *, is_manual: bool = False) -> Reach:
    """Return how far a suggestion goes; an extent that is not automatic decides it."""
    if extent is not Extent.AUTOMATIC:
        return Reach.BLOCK if extent is Extent.BLOCK else Reach.LINE
    language = language_of(path, caret.before.partition(b"\n")[0][:256])
    if wants_block(caret, language):
        return Reach.BLOCK
    if not caret.line_after.strip() and opens_block(caret.line_before, language):
        # The line is complete: what is wanted is its block, or the rest of it.
        below = indentation_of(first_line_with_text(caret.below))
        is_there = below > indentation_of(caret.line_before)
        return Reach.FREE if is_there else Reach.BLOCK
    if caret.is_in_front_of_code or not caret.line_after_is_closing:
        return Reach.FREE
    if not caret.line_before.strip() and not caret.line_after.strip():
        # Who asks for one on an empty line by hand gets as much as there is.
        return Reach.BLOCK if is_manual else Reach.FREE
    return Reach.LINE


def least_indentation(caret: CaretText, reach: Reach) -> int:
    """Return how far further lines at the caret are indented at least; 0 for any."""
    if reach is Reach.LINE:
        return 0
    if caret.line_before.strip():
        # In the middle of a line that goes on, what is missing may end deeper or less deep.
        if reach is Reach.FREE:
            return 0
        is_header = caret.line_before.rstrip().endswith((b":", b"{"))
        return max(1, indentation_of(caret.line_before) + is_header)
    if caret.line_before:
        return indentation_of(caret.line_before)
    above = last_line_with_text(caret.before)
    return 1 if indentation_of(above) or above.rstrip().endswith((b":", b"{")) else 0


def kept(reach: Reach, text: bytes, reason: FinishReason) -> bytes:
    """Return what of a finished text is believed."""
    if reason is not FinishReason.LENGTH or reach is Reach.LINE:
        return text
    if reach is Reach.FREE:
        return first_line_of(text)
    return text.rpartition(b"\n")[0] or text


def first_line_of(text: bytes) -> bytes:
    """Return the first line that has text, with the blank lines in front of it."""
    blank = len(text) - len(text.lstrip())
    end = text.find(b"\n", blank)
    return text if end < 0 else text[:end]
