"""Puts the written tests in their place, unless the file has changed meanwhile."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from rpc.failures import InvalidRequest
from rpc.test_writing import WritingFinished


def put_in_place(end: WritingFinished) -> Path:
    """Write the whole text or nothing of it. Raises InvalidRequest where the file has changed."""
    path = Path(end.output_path)
    now = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
    if now != end.previous_digest:
        raise InvalidRequest(
            f"{path} has changed while tests were written for it; it was left as it is.",
            advice="Run the command again.",
            reason="FILE_CHANGED",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode if path.exists() else None
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".limpet-", suffix=".py")
    place = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(end.text)
        place.chmod(0o644 if mode is None else mode & 0o777)
        place.replace(path)
    finally:
        place.unlink(missing_ok=True)
    return path
