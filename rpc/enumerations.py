"""Turns the wire's enumerations into the clients' words and back."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

Word = TypeVar("Word", bound=StrEnum)


def word_from_wire(words: type[Word], wire: EnumTypeWrapper, prefix: str, number: int) -> Word:
    """Return the word for a number; one that only a newer engine knows is `UNSPECIFIED`."""
    name = wire.Name(number) if number in wire.values() else f"{prefix}_UNSPECIFIED"
    return words[name.removeprefix(f"{prefix}_")]


def name_for_wire(word: StrEnum, prefix: str) -> str:
    """Return the wire's name for a word."""
    return f"{prefix}_{word.name}"


def text_for_wire(text: str) -> str:
    """Return `text` as a proto string can carry it: lone surrogates become U+FFFD.

    Only for names that are shown or matched; code and file contents travel as bytes.
    """
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
