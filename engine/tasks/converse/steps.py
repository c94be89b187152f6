"""What a kept conversation is answered with, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import msgspec

from engine.conversations.records import Message
from engine.inference.language_model import Figures
from engine.prompts.turns import Attachment, Turn


class AnswerWish(msgspec.Struct, frozen=True):
    """Which message is to be answered, and how.

    `message` is a user's, or an answer to be written anew; empty means the selected branch's last.
    The rest is as in a chat: 0, None and "" leave a choice to the engine. What is wished for in the
    background takes turns behind all other work.
    """

    conversation: str
    message: str = ""
    model: str = ""
    max_tokens: int = 0
    temperature: float | None = None
    seed: int = 0
    drop_oldest: bool = False
    language: str = "en"
    client: str = ""
    is_background: bool = False


class Asked(msgspec.Struct, frozen=True):
    """What the model is asked: turns, of which the last one is about the attachments."""

    turns: tuple[Turn, ...]
    attachments: tuple[Attachment, ...]
    wish: AnswerWish


class PromptAccepted(msgspec.Struct, frozen=True):
    """The prompt is made: its size, what it may grow to, and how many turns were left out."""

    prompt_tokens: int
    context_length: int
    dropped_turns: int = 0


class AnswerPiece(msgspec.Struct, frozen=True):
    """More of the answer: valid UTF-8, cut only between characters."""

    text: bytes


class AnswerDone(msgspec.Struct, frozen=True):
    """The answer's end: why (`complete`, `length`, `context_full`), its cost, and its model."""

    end: str
    figures: Figures
    model: str


class AnswerKept(msgspec.Struct, frozen=True):
    """An empty answer is kept; it will be filled."""

    message: Message
    prompt: PromptAccepted


ModelStep = PromptAccepted | AnswerPiece | AnswerDone
ConversationStep = AnswerKept | AnswerPiece | AnswerDone
Answering = Callable[[Asked], AsyncGenerator[ModelStep, None]]
