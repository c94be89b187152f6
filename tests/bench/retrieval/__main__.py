"""Prints what context costs on this machine: `python -m tests.bench.retrieval [FOLDER]`.

Without a folder it is Python's own standard library. Only prints; nothing is compared.
"""

from __future__ import annotations

import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from engine.retrieval.context import ProjectContext
from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import (
    enclosing_definition,
    flaws_of,
    is_in_string_or_comment,
    scope_around,
)

SLICE_MILLISECONDS = 20
BUDGET_TOKENS = 1200
LINES = 1500


def main() -> None:
    """Measure and print."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else sysconfig.get_paths()["stdlib"])
    largest = max(root.glob("*.py"), key=lambda path: path.stat().st_size)
    lines = largest.read_bytes().splitlines(keepends=True)[:LINES]
    print(f"{largest.name}, {len(lines)} lines; each the best of several, in milliseconds")
    syntax(b"".join(lines))
    context(root, largest)


def syntax(text: bytes) -> None:
    """Print the times of questions about a text's syntax, whole and in the middle of typing."""
    parsed = parse("a.py", text)
    if parsed is None:
        print("  does not parse in time")
        return
    middle = text.index(b"\n", len(text) // 2)
    broken = parsed.edited(middle, middle, b' call("unfinished')
    show("parse", lambda: parse("a.py", text))
    show("follow an edit", lambda: parsed.edited(middle, middle, b"x"))
    for name, one in (("whole", parsed), ("broken", broken)):
        if one is not None:
            show(f"errors, {name}", partial(flaws_of, one))
            show(f"block, {name}", partial(scope_around, one, middle))
            show(f"string or comment, {name}", partial(is_in_string_or_comment, one, middle))
            show(f"function around, {name}", partial(enclosing_definition, one, middle))


def context(root: Path, path: Path) -> None:
    """Print what indexing a project costs, and what asking for other files does."""
    project = ProjectContext(root)
    start, longest = time.perf_counter(), 0.0
    is_busy = True
    while is_busy:
        begin = time.perf_counter()
        is_busy = project.idle(SLICE_MILLISECONDS)
        longest = max(longest, time.perf_counter() - begin)
    total = time.perf_counter() - start
    print(f"  {project.file_count} files indexed in {total:.1f} s, the longest slice of", end=" ")
    print(f"{SLICE_MILLISECONDS} ms took {longest * 1000:.0f} ms")
    text = path.read_bytes()
    name, middle = path.relative_to(root).as_posix(), len(text) // 2

    def ask() -> object:
        return project.other_files(name, text, middle, BUDGET_TOKENS, count)

    show("other files, first time", ask, repeats=1)
    show("other files, again", ask)
    show("an edit", lambda: project.edited(name, text, (middle, middle + 1)))


def count(texts: Sequence[bytes]) -> list[int]:
    """Return about the tokens of texts."""
    return [len(text) // 4 + 1 for text in texts]


def show(name: str, work: Callable[[], object], repeats: int = 7) -> None:
    """Print the shortest time of several runs."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    print(f"  {name:30} {best * 1000:9.3f}")


if __name__ == "__main__":
    main()
