"""Lists the files of a folder that a review may look at, as the engine may read them."""

from __future__ import annotations

from pathlib import Path

from engine.errors import InvalidInput
from engine.languages.languages import PLAIN_TEXT, language_of
from engine.retrieval.grammars import grammar_for
from engine.retrieval.project_scan import scan
from engine.retrieval.readable import MOST_BYTES, ReadableFiles


def find_files(folder: Path, most: int) -> tuple[list[str], bool]:
    """Return paths relative to the folder, at most `most`, and whether there are more.

    Raises InvalidInput where it is no folder.
    """
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {folder}.", advice="Check the path.")
    found: list[str] = []
    for file in scan(ReadableFiles(folder)):
        if file is None or file.size > MOST_BYTES or not _is_code(file.path):
            continue
        if len(found) == most:
            return sorted(found), True
        found.append(file.path)
    return sorted(found), False


def _is_code(path: str) -> bool:
    return language_of(path).name != PLAIN_TEXT and grammar_for(path) is not None
