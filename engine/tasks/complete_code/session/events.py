"""What an editor tells a completion session and what it hears."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.inference.language_model import Figures
from engine.tasks.complete_code.question import Extent


class OffsetUnit(StrEnum):
    """How offsets into a text are counted."""

    BYTES = "bytes"
    UTF16 = "utf16"
    CODE_POINTS = "code_points"


class Trigger(StrEnum):
    """Why a suggestion is wanted."""

    TYPING = "typing"
    MANUAL = "manual"


class OpenDocument(msgspec.Struct, frozen=True):
    """The editor shows a file, or gives its whole text anew."""

    path: str
    text: bytes
    version: int
    unit: OffsetUnit = OffsetUnit.BYTES
    project_folder: str = ""
    model: str = ""


class TextChange(msgspec.Struct, frozen=True):
    """`text` stands now where `start` to `end` was."""

    start: int
    end: int
    text: bytes


class ChangeDocument(msgspec.Struct, frozen=True):
    """The text changed, one change after the other."""

    base_version: int
    version: int
    changes: tuple[TextChange, ...]


class Suggest(msgspec.Struct, frozen=True):
    """A suggestion is wanted; ends an older wish."""

    id: int
    version: int
    caret: int
    trigger: Trigger = Trigger.TYPING
    extent: Extent = Extent.AUTOMATIC
    max_tokens: int = 0
    alternatives: int = 0


class CancelSuggest(msgspec.Struct, frozen=True):
    """A suggestion is no longer wanted."""

    id: int


class MoveCaret(msgspec.Struct, frozen=True):
    """The caret moved without a change of the text."""

    version: int
    caret: int


class AcceptSuggestion(msgspec.Struct, frozen=True):
    """Some or all of a suggestion was taken."""

    id: int
    accepted_bytes: int


class SaveDocument(msgspec.Struct, frozen=True):
    """The file was saved."""


EditorEvent = (
    OpenDocument
    | ChangeDocument
    | Suggest
    | CancelSuggest
    | MoveCaret
    | AcceptSuggestion
    | SaveDocument
)


class ResendText(msgspec.Struct, frozen=True):
    """The engine's text is not the editor's."""

    version: int


class Source(StrEnum):
    """Where a suggestion comes from."""

    MODEL = "model"
    EARLIER = "earlier"
    AHEAD = "ahead"


class SessionSuggestion(msgspec.Struct, frozen=True):
    """Text to insert at the caret; overwrites `replaces` units behind it."""

    text: bytes
    replaces: int
    confidence: float


class Suggestions(msgspec.Struct, frozen=True):
    """Suggestions for a wish; each message replaces the one before with the same id."""

    id: int
    suggestions: tuple[SessionSuggestion, ...]
    is_final: bool = False
    source: Source = Source.MODEL
    reason: str = ""
    figures: Figures = Figures()
    model: str = ""


class SuggestFailed(msgspec.Struct, frozen=True):
    """A wish could not be answered; the session goes on."""

    id: int
    reason: str
    message: str
    advice: str


SessionEvent = ResendText | Suggestions | SuggestFailed
