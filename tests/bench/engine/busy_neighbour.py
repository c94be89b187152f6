"""Measures decoding beside another program that wants a whole core, with two ways of waiting."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.inference.probe.processor import usable_processors
from tests.bench.engine.answers import LONG_QUESTION, prompt_text
from tests.bench.engine.bare_loop import BareOrder, BareReply
from tests.bench.engine.bare_process import bare_process
from tests.bench.engine.bench_home import BenchHome, end_process
from tests.bench.engine.figures import Effort, Row, row

_ROUNDS = 6
_TOKENS = 32
# Ends by itself when this program is gone.
_NEIGHBOUR = "import os\nwhile os.getppid() == {parent}:\n    sum(range(200000))\n"


def measure_busy_neighbour(home: BenchHome, effort: Effort) -> list[Row]:
    """Decode by turns with the worker's spinning and with libgomp's own, quiet and disturbed."""
    order = BareOrder(prompt_text(LONG_QUESTION), _TOKENS)
    rounds = effort.rounds(_ROUNDS)
    threads = usable_processors()
    with (
        bare_process(home.model_file, threads) as ours,
        bare_process(home.model_file, threads, {"GOMP_SPINCOUNT": None}) as usual,
    ):
        loops = {"ours": ours, "libgomp's": usual}
        quiet = {name: [_speed(loop.answer(order)) for _ in range(2)] for name, loop in
                 loops.items()}  # fmt: skip
        busy: dict[str, list[float]] = {name: [] for name in loops}
        with _busy_neighbour():
            for _ in range(rounds):
                for name, loop in loops.items():
                    busy[name].append(_speed(loop.answer(order)))
    note = "bare loop, one busy process beside it"
    return [
        row("busy-ours", "decode beside a busy program, our spinning", "tokens/s",
            busy["ours"], note=note),
        row("busy-usual", "decode beside a busy program, libgomp's spinning", "tokens/s",
            busy["libgomp's"], note=note),
        row("quiet-ours", "the same alone, our spinning", "tokens/s", quiet["ours"]),
        row("quiet-usual", "the same alone, libgomp's spinning", "tokens/s", quiet["libgomp's"]),
    ]  # fmt: skip


@contextmanager
def _busy_neighbour() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", _NEIGHBOUR.format(parent=os.getpid())])
    try:
        yield
    finally:
        end_process(process)


def _speed(reply: BareReply) -> float:
    return (reply.generated_tokens - 1) / reply.seconds
