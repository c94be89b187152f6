"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file in place of the one that may be there; what was written is on the disk.

    A symbolic link is replaced, not followed. Raises OSError.
    """
    # Beside the file, so that the last step is a rename on the same disk.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".limpet-")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
