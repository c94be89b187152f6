"""The exit codes of every command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    FINDINGS = 1
    BAD_INPUT = 2
    UNAVAILABLE = 3
    INTERRUPTED = 130
