"""Asks the operating system about the engine's process."""

from __future__ import annotations

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Tell whether this user has a process `pid` that has not ended yet."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    # A process whose parent never collects it, as happens in containers, is gone all the same.
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return fields.rpartition(b") ")[2].startswith(b"Z")
