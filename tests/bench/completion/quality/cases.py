"""Fill-in-the-middle cases with tests, in the form of HumanEval-Infilling."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec

from tests.bench.engine.figures import BenchFailure

_ENDINGS = (".jsonl.gz", ".jsonl")


class FimCase(msgspec.Struct, frozen=True):
    """A program with a hole, and the test that a filled one must pass."""

    task_id: str
    entry_point: str
    prompt: str
    suffix: str
    canonical_solution: str
    test: str

    def program(self, middle: str, replaces: int = 0) -> str:
        """Return the test's program, the hole filled; `replaces` characters of the rest go."""
        filled = self.prompt + middle + self.suffix[replaces:]
        return f"{filled}\n{self.test}\ncheck({self.entry_point})\n"

    def is_exact(self, middle: str, replaces: int = 0) -> bool:
        """Whether the filled text is the original, but for blanks at the ends of lines."""
        filled = self.prompt + middle + self.suffix[replaces:]
        return _tidy(filled) == _tidy(self.prompt + self.canonical_solution + self.suffix)


class Split(msgspec.Struct, frozen=True):
    """The cases of one file, named as it is."""

    name: str
    cases: tuple[FimCase, ...]

    @property
    def is_single_line(self) -> bool:
        """Whether every hole is within a line."""
        return all("\n" not in each.canonical_solution.strip("\n") for each in self.cases)

    def spread(self, most: int) -> Split:
        """Return at most so many of the cases, taken evenly from all."""
        count = len(self.cases)
        if most <= 0 or count <= most:
            return self
        chosen = tuple(self.cases[number * count // most] for number in range(most))
        return Split(self.name, chosen)


def read_splits(folder: Path) -> list[Split]:
    """Read every file of cases in a folder. Raises BenchFailure."""
    paths = sorted(each for each in folder.glob("*") if each.name.endswith(_ENDINGS))
    if not paths:
        raise BenchFailure(f"{folder} holds no cases (*.jsonl.gz)")
    return [_read(path) for path in paths]


def _read(path: Path) -> Split:
    try:
        content = path.read_bytes()
        text = gzip.decompress(content) if path.name.endswith(".gz") else content
        lines = [line for line in text.splitlines() if line.strip()]
        cases = tuple(msgspec.json.decode(line, type=FimCase) for line in lines)
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise BenchFailure(f"{path} holds no fill-in-the-middle cases: {error}") from error
    return Split(path.name.partition(".")[0], cases)


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))
