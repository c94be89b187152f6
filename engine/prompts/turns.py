"""The texts that prompts are made of: turns, attachments, and the text around a caret."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Speaker(StrEnum):
    """Who speaks in a turn."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Turn(msgspec.Struct, frozen=True):
    """One turn of a conversation, UTF-8 as far as it is valid."""

    speaker: Speaker
    content: bytes


class Attachment(msgspec.Struct, frozen=True):
    """A file, or the lines `first_line` to `last_line` of one (from 1; 0 means the whole)."""

    path: str
    content: bytes
    first_line: int = 0
    last_line: int = 0

    @property
    def place(self) -> str:
        """The path, with the lines where only some are attached."""
        if self.first_line == 0:
            return self.path
        return f"{self.path}:{self.first_line}-{max(self.first_line, self.last_line)}"


class OtherFile(msgspec.Struct, frozen=True):
    """A file, or a part of one, that is shown beside the edited one."""

    path: str
    content: bytes


class FimParts(msgspec.Struct, frozen=True):
    """The text around a caret, cut at the anchor.

    `prefix` is what comes before the anchor, `middle` the text from there to the caret, which is
    given as the beginning of the answer, `suffix` what comes after the caret. `other_files` come
    oldest first, in an order that the caller keeps stable.
    """

    prefix: bytes
    suffix: bytes
    middle: bytes = b""
    path: str = ""
    repository: str = ""
    other_files: tuple[OtherFile, ...] = ()


def path_bytes(path: str) -> bytes:
    """Return a path as bytes; what is no text in it does no harm here."""
    return path.encode("utf-8", "surrogatepass")
