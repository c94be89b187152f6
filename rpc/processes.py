"""Asks the operating system about the engine's process."""

from __future__ import annotations

import os
import socket
import struct
import sys
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


def listener_of(address: str) -> int | None:
    """Return the id of the process that listens on a `unix:` address; None where not known.

    The kernel remembers who listens, so that this works for a process that hangs, too.
    """
    if not address.startswith("unix:") or sys.platform != "linux":
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        # A full waiting line of a hung listener must not hold us up.
        probe.settimeout(0.2)
        try:
            probe.connect(address.removeprefix("unix:"))
            credentials = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        except OSError:
            return None
    pid, _uid, _gid = struct.unpack("3i", credentials)
    return int(pid)


def _is_zombie(pid: int) -> bool:
    # A process whose parent never collects it, as happens in containers, is gone all the same.
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return fields.rpartition(b") ")[2].startswith(b"Z")
