"""What code actions are asked with and what they answer."""

from __future__ import annotations

import msgspec

from engine.inference.language_model import Figures


class Selection(msgspec.Struct, frozen=True):
    """A part of a text, in bytes; a caret where `start` is `end`. `language` "" is the path's."""

    path: str
    text: bytes
    start: int
    end: int
    language: str = ""


class EditQuestion(msgspec.Struct, frozen=True):
    """A wish to change code; `action` "" does what the instruction says."""

    selection: Selection
    action: str = ""
    instruction: str = ""
    error_text: str = ""
    failing_test: bytes = b""
    model: str = ""
    client: str = ""


class TalkQuestion(msgspec.Struct, frozen=True):
    """A wish to be told about code; `action` "" explains."""

    selection: Selection
    action: str = ""
    instruction: str = ""
    error_text: str = ""
    language: str = ""
    model: str = ""
    client: str = ""


class ActionBegan(msgspec.Struct, frozen=True):
    """The model begins to read; the part after widening, its lines from 1."""

    start: int
    end: int
    first_line: int
    last_line: int
    prompt_tokens: int
    model: str


class NewLines(msgspec.Struct, frozen=True):
    """More of the new text, and how many lines of the part it has settled so far."""

    text: bytes
    settled_lines: int


class TriedAgain(msgspec.Struct, frozen=True):
    """The lines so far are void; why."""

    reason: str


class EditEnd(msgspec.Struct, frozen=True):
    """The edit."""

    start: int
    end: int
    new_text: bytes
    unified_diff: bytes
    parses: bool
    changes: bool
    text_digest: str
    tries: int
    figures: Figures
    model: str


class TalkText(msgspec.Struct, frozen=True):
    """More Markdown."""

    text: str


class TalkEnd(msgspec.Struct, frozen=True):
    """The end of talk; `is_cut` where it became too long."""

    is_cut: bool
    figures: Figures
    model: str


EditStep = ActionBegan | NewLines | TriedAgain | EditEnd
TalkStep = ActionBegan | TalkText | TalkEnd
