"""The grey text: what is suggested at the caret, and how much of it is taken at once."""

from __future__ import annotations

import re

import msgspec

from rpc.completion_session import SessionSuggestion
from rpc.text_units import utf16_units

_WORD = re.compile(r"\s*(?:\w+|[^\w\s]+)")


class Ghost(msgspec.Struct, frozen=True):
    """Suggestions at a place of the text, one of them shown. Offsets count UTF-16 units."""

    place: int
    texts: tuple[str, ...]
    replaces: tuple[int, ...]
    number: int = 0

    @property
    def text(self) -> str:
        """What is shown."""
        return self.texts[self.number]

    @property
    def replaced(self) -> int:
        """How many units behind the caret the shown one overwrites."""
        return self.replaces[self.number]

    @property
    def lines(self) -> list[str]:
        """The shown text by lines."""
        return self.text.split("\n")

    def next(self, step: int) -> Ghost:
        """Show another one."""
        number = (self.number + step) % len(self.texts)
        return msgspec.structs.replace(self, number=number)

    def typed(self, text: str) -> Ghost | None:
        """Return what is left once `text` was typed; None where nothing is, or it differs."""
        if not self.text.startswith(text) or len(self.text) == len(text):
            return None
        rest = self.text[len(text) :]
        return Ghost(self.place + utf16_units(text), (rest,), (self.replaced,))

    def word(self) -> str:
        """Return the first word with the blanks before it."""
        match = _WORD.match(self.text)
        return match.group() if match else self.text

    def line(self) -> str:
        """Return the first line that has text, with what stands before it."""
        blank = len(self.text) - len(self.text.lstrip("\n"))
        end = self.text.find("\n", blank)
        return self.text if end < 0 else self.text[:end]


def ghost_of(place: int, found: tuple[SessionSuggestion, ...]) -> Ghost | None:
    """Return the grey text of suggestions; None where there is nothing to show."""
    texts = [(each.text.decode("utf-8", "replace"), each.replaces) for each in found if each.text]
    if not texts:
        return None
    return Ghost(place, tuple(text for text, _ in texts), tuple(count for _, count in texts))
