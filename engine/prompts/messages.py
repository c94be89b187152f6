"""Joins turns into the messages that a model family can take."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.prompts.turns import Speaker

# Between turns that one message holds.
JOINT = "\n\n"


class Message(msgspec.Struct, frozen=True):
    """What one speaker says in a prompt: the turns of these numbers, joined by JOINT."""

    speaker: Speaker
    turns: tuple[int, ...]


def one_each(speakers: Sequence[Speaker]) -> tuple[Message, ...]:
    """Return a message for each turn."""
    return tuple(Message(speaker, (number,)) for number, speaker in enumerate(speakers))


def without_system(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Move instructions in front of the user's next words, for families without that role."""
    result: list[Message] = []
    waiting: tuple[int, ...] = ()
    for message in messages:
        if message.speaker is Speaker.SYSTEM:
            waiting += message.turns
        elif message.speaker is Speaker.USER:
            result.append(Message(Speaker.USER, waiting + message.turns))
            waiting = ()
        else:
            result.append(message)
    if waiting:
        result.append(Message(Speaker.USER, waiting))
    return tuple(result)


def alternating(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Join neighbours of one speaker, for families that insist on taking turns."""
    result: list[Message] = []
    for message in messages:
        if result and result[-1].speaker is message.speaker:
            message = Message(message.speaker, result.pop().turns + message.turns)  # noqa: PLW2901
        result.append(message)
    return tuple(result)
