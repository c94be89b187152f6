"""Prints how often a folder's search finds what is meant, and what it costs.

`python -m tests.bench.retrieval.folder_recall [FOLDER]`: the recall is that of questions.toml on
this repository's `engine`, `rpc` and `command_line`; the time that of FOLDER (this repository).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from shutil import copytree

import msgspec

from engine.retrieval.folder_search import FolderSearch

REPOSITORY = Path(__file__).resolve().parents[3]
SEARCHED = ("engine", "rpc", "command_line")
SHOWN = (1, 3, 8)


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question, and the file that answers it."""

    ask: str
    file: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    questions: tuple[Question, ...]


async def main() -> None:
    """Measure and print."""
    text = (Path(__file__).parent / "questions.toml").read_text("utf-8")
    questions = msgspec.convert(tomllib.loads(text), _File).questions
    search = FolderSearch()
    try:
        with tempfile.TemporaryDirectory(dir=Path.home()) as folder:
            for name in SEARCHED:
                copytree(REPOSITORY / name, Path(folder, name))
            places = [await place(search, Path(folder), each) for each in questions]
        for shown in SHOWN:
            found = sum(0 < each <= shown for each in places)
            print(f"in the first {shown} passages: {found} of {len(questions)}")
        for question, found_at in zip(questions, places, strict=True):
            if not 0 < found_at <= SHOWN[-1]:
                print(f"  missed: {question.ask} ({question.file})")
        await cost(search, Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY)
    finally:
        await search.close()


async def place(search: FolderSearch, folder: Path, question: Question) -> int:
    """Return at which place the file is found first, from 1; 0 where it is not."""
    found = await search.search(folder, question.ask, size=50, most_bytes=1 << 20)
    paths = [hit.passage.path for hit in found.hits]
    return paths.index(question.file) + 1 if question.file in paths else 0


async def cost(search: FolderSearch, folder: Path) -> None:
    """Print the time of a first search and of the next."""
    for name in ("first", "next"):
        started = time.perf_counter()
        found = await search.search(folder, "where is it parsed", size=8, most_bytes=12_000)
        seconds = time.perf_counter() - started
        print(f"{name} search of {found.files} files: {seconds:.2f} s (cut: {found.is_cut})")


if __name__ == "__main__":
    asyncio.run(main())
