"""What surrounds an open file: its language by Pygments' names, and the project it belongs to."""

from __future__ import annotations

from pathlib import Path

from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound

from rpc.text_units import utf16_units

# What stands in the uppermost folder of a project.
_SIGNS = (
    ".git",
    ".hg",
    "pyproject.toml",
    "setup.py",
    "package.json",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "go.mod",
    "Cargo.toml",
)


def language_of_path(path: str) -> str:
    """Return the name of the language that a file's name tells; empty where it tells none."""
    try:
        return str(get_lexer_for_filename(path).aliases[0])
    except (ClassNotFound, IndexError):
        return ""


def project_of(path: str) -> str:
    """Return the nearest folder above a file that looks like a project, or else the file's own.

    The home folder and what is above it are no project, whatever lies in them.
    """
    folder = Path(path).parent
    above = {Path.home(), *Path.home().parents}
    for each in (folder, *folder.parents):
        if each in above:
            break
        if any((each / sign).exists() for sign in _SIGNS):
            return str(each)
    return str(folder)


def units_before(text: bytes, offset: int) -> int:
    """Return how many UTF-16 units the first `offset` bytes of a text are."""
    return utf16_units(text[:offset].decode("utf-8", "replace"))
