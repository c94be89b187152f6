"""Puts the written tests in their place, unless the file has changed meanwhile."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rpc.failures import InvalidRequest
from rpc.test_writing import WritingFinished
from rpc.whole_file import write_whole


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
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    write_whole(path, end.text, mode=mode)
    return path
