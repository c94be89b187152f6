"""What the user prefers, as it is kept in a file."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from desktop.appearance.theme import Scheme

FILE_NAME = "desktop.json"
_log = logging.getLogger(__name__)

Percent = Annotated[int, msgspec.Meta(ge=100, le=200)]


class Preferences(msgspec.Struct, frozen=True):
    """All preferences; `language` empty means the system's, `model` empty the engine's choice."""

    scheme: Scheme = Scheme.SYSTEM
    language: Literal["", "en", "zh"] = ""
    zoom_percent: Percent = 100
    model: str = ""
    list_shown: bool = True
    window: str = ""
    draft: str = ""


class PreferencesFile:
    """Reads and writes preferences; what cannot be read is set aside, never written over."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def read(self) -> Preferences:
        """Return what is kept, or the defaults."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Preferences)
        except FileNotFoundError:
            return Preferences()
        except (OSError, msgspec.DecodeError) as error:
            _log.warning("%s cannot be read and is set aside: %s", self.path, error)
            self._set_aside()
            return Preferences()

    def write(self, preferences: Preferences) -> None:
        """Keep preferences: the old file, or the new one, but never half of one. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = msgspec.json.format(msgspec.json.encode(preferences), indent=2)
        draft = self.path.with_suffix(f".{os.getpid()}.new")
        draft.write_bytes(content + b"\n")
        draft.replace(self.path)

    def _set_aside(self) -> None:
        try:
            self.path.replace(self.path.with_suffix(".unreadable.json"))
        except OSError as error:
            _log.warning("%s stays where it is: %s", self.path, error)
