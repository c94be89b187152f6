"""What a program in the sandbox may use, and which bound it ran into."""

from __future__ import annotations

from enum import StrEnum

import msgspec

_MEBIBYTE = 1 << 20


class Bound(StrEnum):
    """A bound that ended a program."""

    WALL_TIME = "wall_time"
    PROCESSOR_TIME = "processor_time"
    FILE_SIZE = "file_size"
    OUTPUT = "output"


class Limits(msgspec.Struct, frozen=True):
    """How much a program may use.

    `processor_seconds`, `memory_bytes` (of addresses) and `open_files` hold for each process,
    `processes` for all of them together; `scratch_bytes` is the room in its temporary folder, and
    `output_bytes` what it may write to each of its two streams.
    """

    wall_seconds: float = 10.0
    processor_seconds: int = 10
    memory_bytes: int = 1024 * _MEBIBYTE
    processes: int = 32
    open_files: int = 128
    file_bytes: int = 16 * _MEBIBYTE
    scratch_bytes: int = 64 * _MEBIBYTE
    output_bytes: int = _MEBIBYTE
