"""Asks git which lines of which files differ from the last commit."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from rpc.failures import InvalidRequest
from rpc.review import LineRange

_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_LIMIT = ("--no-color", "--no-ext-diff", "--no-renames", "--no-textconv")


def changed_lines(paths: Sequence[Path]) -> dict[Path, tuple[LineRange, ...]]:
    """Return the changed lines by absolute path; no lines means that all of the file is new.

    Only files at or below `paths`; deleted ones are left out. Raises InvalidRequest where git does
    not know the folder.
    """
    first = paths[0].absolute()
    folder = first if first.is_dir() else first.parent
    root = Path(_git(folder, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    named = [str(path.absolute()) for path in paths]
    found: dict[Path, tuple[LineRange, ...]] = {}
    if _has_commit(root):
        listed = _git(
            root, "diff", "--name-only", "-z", "--diff-filter=d", *_LIMIT, "HEAD", "--", *named
        )
        for name in _names(listed):
            difference = _git(root, "diff", "-U0", *_LIMIT, "HEAD", "--", name)
            found[root / name] = tuple(_range(match) for match in _HUNK.finditer(difference))
        new = _git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *named)
    else:
        new = _git(root, "ls-files", "-z", "-co", "--exclude-standard", "--", *named)
    for name in _names(new):
        found[root / name] = ()
    return {path.resolve(): lines for path, lines in found.items()}


def _range(match: re.Match[bytes]) -> LineRange:
    first = int(match[1])
    count = int(match[2]) if match[2] is not None else 1
    if count == 0:  # lines went; what stood around them now meets
        return LineRange(max(first, 1), first + 1)
    return LineRange(first, first + count - 1)


def _names(listed: bytes) -> list[str]:
    return [name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name]


def _has_commit(root: Path) -> bool:
    command = ["git", "-C", str(root), "rev-parse", "--verify", "--quiet", "HEAD"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        outcome = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise InvalidRequest(
            "git is not installed, so nobody knows what has changed.", reason="NO_GIT"
        ) from None
    if outcome.returncode != 0:
        said = outcome.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InvalidRequest(
            f"git does not say what has changed: {said[-1] if said else 'no reason'}.",
            advice="Leave `--changed` away outside of a repository.",
            reason="NO_GIT",
        )
    return outcome.stdout
