"""What a completion is asked with and what it answers."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.inference.language_model import Figures


class Extent(StrEnum):
    """How far a suggestion may go."""

    AUTOMATIC = "automatic"
    LINE = "line"
    BLOCK = "block"


class CompletionQuestion(msgspec.Struct, frozen=True):
    """The text being edited and the place to complete.

    `text` is the whole text, UTF-8 as far as it is valid; `caret_offset` counts its bytes.
    """

    path: str
    text: bytes
    caret_offset: int
    caret_id: str = ""
    model: str = ""
    max_tokens: int = 0
    extent: Extent = Extent.AUTOMATIC
    client: str = ""


class Suggestion(msgspec.Struct, frozen=True):
    """Text to insert at the caret; it overwrites `replaces_bytes` bytes behind the caret."""

    text: bytes
    replaces_bytes: int = 0
    confidence: float = 0.0


class CompletionEnd(msgspec.Struct, frozen=True):
    """The final suggestions, best first, and what they cost; `reason` is a word for logs."""

    suggestions: tuple[Suggestion, ...]
    figures: Figures
    model: str
    reason: str
