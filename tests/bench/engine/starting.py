"""Measures how long the engine takes from its start until it serves, and until it can answer."""

from __future__ import annotations

from tests.bench.engine.bench_home import BenchHome
from tests.bench.engine.figures import Effort, Limit, Row, row

_ROUNDS = 10


def measure_start(home: BenchHome, effort: Effort) -> list[Row]:
    """Start engines one after the other; the model was checked and tried before."""
    serving: list[float] = []
    ready: list[float] = []
    for _ in range(effort.rounds(_ROUNDS)):
        with home.engine() as engine:
            serving.append(engine.serving_after)
            ready.append(engine.ready_after)
    return [
        row("start-serving", "engine start → answers a handshake", "s", serving),
        row("start-ready", "engine start → model ready", "s", ready, Limit(1.0)),
    ]
