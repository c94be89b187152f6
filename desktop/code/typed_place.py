"""Understands a file, or a line of one, that is typed where commands are looked for."""

from __future__ import annotations

from pathlib import Path

import msgspec

from rpc.failures import MalformedLocation
from rpc.locations import parse_lines


class TypedPlace(msgspec.Struct, frozen=True):
    """A file that exists; line 0 means its beginning."""

    path: str
    line: int


def typed_place(text: str, folder: str) -> TypedPlace | None:
    """Return the file that PATH or PATH:LINE names; a relative path counts from this folder."""
    wanted = text.strip()
    if not wanted or "\0" in wanted:
        return None
    try:
        location = parse_lines(str(Path(folder) / Path(wanted).expanduser()))
        is_file = Path(location.path).is_file()
    except (MalformedLocation, OSError, RuntimeError):  # half-typed: too long, nobody's home, …
        return None
    return TypedPlace(location.path, location.first_line) if is_file else None
