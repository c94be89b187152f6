"""How an answer is wished for, as chat and kept conversations have it on the wire alike."""

from __future__ import annotations

import math
from typing import Protocol

import msgspec

from engine.errors import InvalidInput
from rpc.stubs.limpet.v1 import chat_pb2

_DROP_OLDEST = {
    chat_pb2.OVERFLOW_UNSPECIFIED: False,
    chat_pb2.OVERFLOW_REFUSE: False,
    chat_pb2.OVERFLOW_DROP_OLDEST: True,
}
_LANGUAGES = frozenset({"en", "zh"})
_HOTTEST = 2.0


class _Request(Protocol):
    @property
    def temperature(self) -> float: ...
    @property
    def overflow(self) -> chat_pb2.Overflow: ...
    @property
    def language(self) -> str: ...
    def HasField(self, field_name: str) -> bool: ...  # noqa: N802 - protobuf's own name


class ChatOptions(msgspec.Struct, frozen=True):
    """The wishes that need a check."""

    temperature: float | None
    drop_oldest: bool
    language: str


def chat_options(request: _Request) -> ChatOptions:
    """Return a request's wishes. Raises InvalidInput."""
    temperature = request.temperature if request.HasField("temperature") else None
    if temperature is not None and not (
        math.isfinite(temperature) and 0 <= temperature <= _HOTTEST
    ):
        raise InvalidInput(
            f"The temperature is {temperature:g}, but it must be from 0 to {_HOTTEST:g}."
        )
    if request.overflow not in _DROP_OLDEST:
        raise InvalidInput(f"The engine does not know the overflow rule {request.overflow}.")
    language = language_of(request.language)
    return ChatOptions(temperature, _DROP_OLDEST[request.overflow], language)


def language_of(wanted: str) -> str:
    """Return the language that a request asks for; English where it is empty. InvalidInput."""
    language = wanted or "en"
    if language not in _LANGUAGES:
        raise InvalidInput(
            "The engine does not speak the language that was asked for.",
            advice=f"Choose one of {', '.join(sorted(_LANGUAGES))}.",
        )
    return language
