"""How far a suggestion may go."""

from __future__ import annotations

from enum import StrEnum


class Extent(StrEnum):
    """How far a suggestion may go; unspecified leaves it to the engine."""

    UNSPECIFIED = "unspecified"
    LINE = "line"
    BLOCK = "block"
