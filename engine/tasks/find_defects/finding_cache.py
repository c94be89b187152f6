"""Keeps the findings of texts that have been looked at, by content, in a folder of the cache."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

import msgspec

from engine.tasks.find_defects.finding import Finding
from engine.tasks.find_defects.source_text import SourceText

_MOST_ENTRIES = 5000
# How many go when there are too many; the oldest.
_DROPPED = 1000


class FindingCache:
    """Findings by text, file name and version of the signal; losing one costs time only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key_of(self, source: SourceText, version: str) -> str:
        """Return the name of a text's entry."""
        name = Path(source.path.replace("\\", "/")).name
        parts = (version.encode(), name.encode("utf-8", "replace"), source.text)
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()

    def read(self, key: str) -> tuple[Finding, ...] | None:
        """Return what was kept, None where there is nothing that can be read."""
        try:
            return msgspec.msgpack.decode(
                (self._folder / key).read_bytes(), type=tuple[Finding, ...]
            )
        except (OSError, msgspec.DecodeError):
            return None

    def keep(self, key: str, findings: tuple[Finding, ...]) -> None:
        """Keep findings; where that is not possible, nothing happens."""
        draft = self._folder / f".{key}.{secrets.token_hex(4)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(msgspec.msgpack.encode(findings))
            draft.replace(self._folder / key)
            self._thin_out()
        except OSError:
            with suppress(OSError):
                draft.unlink()

    def _thin_out(self) -> None:
        with os.scandir(self._folder) as entries:
            found = [(entry.stat().st_mtime_ns, entry.path) for entry in entries]
        if len(found) > _MOST_ENTRIES:
            for _, path in sorted(found)[:_DROPPED]:
                Path(path).unlink(missing_ok=True)
