"""What a chat is asked with and what it answers."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from engine.inference.language_model import Figures
from engine.prompts.turns import Attachment, Speaker, Turn

__all__ = [
    "AnswerEnd",
    "Attachment",
    "ChatBegan",
    "ChatEnd",
    "ChatQuestion",
    "ChatStep",
    "ChatText",
    "Speaker",
    "Turn",
]


class ChatQuestion(msgspec.Struct, frozen=True):
    """A conversation whose last turn is to be answered.

    `temperature` None and `max_tokens` 0 leave the choice to the engine; `seed` 0 means a fresh
    one. With `drop_oldest` turns that do not fit are left out, oldest first, else PromptTooLong.
    """

    turns: tuple[Turn, ...]
    attachments: tuple[Attachment, ...] = ()
    model: str = ""
    max_tokens: int = 0
    temperature: float | None = None
    seed: int = 0
    drop_oldest: bool = False
    language: str = "en"
    client: str = ""
    is_background: bool = False


class ChatBegan(msgspec.Struct, frozen=True):
    """The prompt is made: its size, what it may grow to, and how many turns were left out."""

    prompt_tokens: int
    context_length: int
    dropped_turns: int = 0


class ChatText(msgspec.Struct, frozen=True):
    """More of the answer: valid UTF-8, cut only between characters."""

    text: bytes


class AnswerEnd(StrEnum):
    """Why an answer ended."""

    COMPLETE = "complete"
    LENGTH = "length"
    CONTEXT_FULL = "context_full"


class ChatEnd(msgspec.Struct, frozen=True):
    """The answer's end and what it cost."""

    end: AnswerEnd
    figures: Figures
    model: str


ChatStep = ChatBegan | ChatText | ChatEnd
