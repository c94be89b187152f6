"""The files of the repository as git has them, or would have them after the next commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("command_line", "desktop", "engine", "rpc")


def tracked_files(*patterns: str) -> list[str]:
    """Return the paths that match git's patterns, without what git ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listing = subprocess.run(
        command, cwd=REPOSITORY, check=True, capture_output=True, text=True
    ).stdout
    return [line for line in listing.splitlines() if (REPOSITORY / line).is_file()]


def read(path: str) -> str:
    """Return the text of a tracked file."""
    return (REPOSITORY / path).read_text(encoding="utf-8")
