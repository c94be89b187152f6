"""What the engine and the process of chat templates say to each other, and its form on the pipe.

Each frame is its length in four bytes, most significant first, then MessagePack. The process
sends READY once, then one answer for each order.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

LENGTH_BYTES = 4
READY = b"ready"

# A template of a real model has at most some 40 kB, and what it writes has its own text and one
# mark for each turn.
LONGEST_TEMPLATE = 512 * 1024
LONGEST_TEXT = 1024 * 1024
LONGEST_FRAME = 8 * LONGEST_TEXT


class TemplateMessage(msgspec.Struct, frozen=True):
    """A message as templates know it."""

    role: str
    content: str


class RenderOrder(msgspec.Struct, frozen=True):
    """A template to render, and what it is given."""

    template: str
    messages: tuple[TemplateMessage, ...]
    end_token: str


class Outcome(StrEnum):
    """How a template fared."""

    RENDERED = "rendered"
    REFUSED = "refused"
    FAILED = "failed"


class RenderAnswer(msgspec.Struct, frozen=True):
    """The text when RENDERED, else the reason; REFUSED by the template itself, or FAILED."""

    outcome: Outcome
    text: str


def frame(payload: bytes) -> bytes:
    """Return a payload as it goes onto the pipe."""
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload
