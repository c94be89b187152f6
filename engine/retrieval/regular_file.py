"""Reads a file only if it is a regular one of bounded size."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_regular_file(path: Path, most_bytes: int) -> bytes | None:
    """Return a file's content; None if it is missing, larger, a link, a pipe or a device.

    Never waits: a pipe without a writer opens at once.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags)
    except (OSError, ValueError):  # a NUL in the path is a ValueError
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most_bytes:
            return None
        with os.fdopen(os.dup(descriptor), "rb") as stream:
            content = stream.read(most_bytes + 1)  # it may grow while it is read
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return content if len(content) <= most_bytes else None
