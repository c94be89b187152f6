"""Measures `limpet ask` beside a warm engine: from the process's start to the first byte."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.bench.engine.bench_home import BenchHome, end_process
from tests.bench.engine.figures import BenchFailure, Effort, Limit, Row, row

_ROUNDS = 10
# Never the same twice: the engine would have read it already.
_SUBJECTS = (
    "a generator", "a decorator", "a tuple", "a lambda", "a coroutine", "a slice",
    "a context manager", "a closure", "a dataclass", "an iterator", "a module",
)  # fmt: skip


def measure_asking(home: BenchHome, effort: Effort) -> list[Row]:
    """Ask short questions, one process each."""
    with home.engine():
        samples = [
            _seconds_to_first_byte(f"What is {subject} in Python? One sentence.", home.folder)
            for subject in _SUBJECTS[: effort.rounds(_ROUNDS) + 1]
        ]
    # The first one reads the instructions that all share; later ones find them in the cache.
    return [
        row("ask", "`limpet ask`, engine warm → first byte", "s", samples[1:], Limit(0.9)),
        row("ask-first", "the same, first question of all", "s", samples[:1]),
    ]


def limpet_command() -> list[str]:
    """Return the installed program, or the module where it is not installed."""
    program = Path(sys.executable).parent / "limpet"
    return [str(program)] if program.is_file() else [sys.executable, "-m", "command_line"]


def _seconds_to_first_byte(question: str, folder: Path) -> float:
    begun = time.perf_counter()
    with subprocess.Popen(
        [*limpet_command(), "ask", question, "--max-tokens", "8"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.read(1)
            seconds = time.perf_counter() - begun
            process.stdout.read()
            if not first or process.wait(30):
                raise BenchFailure("`limpet ask` gave no answer")
        finally:
            end_process(process)
    return seconds
