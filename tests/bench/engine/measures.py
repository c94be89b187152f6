"""All measures of the engine, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.engine.asking import measure_asking
from tests.bench.engine.bench_home import BenchHome
from tests.bench.engine.busy_neighbour import measure_busy_neighbour
from tests.bench.engine.cancelling import measure_cancelling
from tests.bench.engine.figures import Effort, Row
from tests.bench.engine.fresh_clone import measure_fresh_clone
from tests.bench.engine.make_run import measure_make_run
from tests.bench.engine.memory import measure_memory
from tests.bench.engine.starting import measure_start
from tests.bench.engine.throughput import measure_throughput
from tests.bench.engine.unary_calls import measure_unary_calls


@dataclass(frozen=True)
class Measure:
    """A group of rows that are taken together. `on_request`: only where it is named."""

    name: str
    take: Callable[[BenchHome, Effort], list[Row]]
    limit_seconds: float
    on_request: bool = False


MEASURES = (
    Measure("fresh-clone", measure_fresh_clone, 2400.0, on_request=True),
    Measure("run", measure_make_run, 900.0),
    Measure("start", measure_start, 600.0),
    Measure("rpc", measure_unary_calls, 600.0),
    Measure("ask", measure_asking, 600.0),
    Measure("throughput", measure_throughput, 1800.0),
    Measure("cancel", measure_cancelling, 1200.0),
    Measure("busy", measure_busy_neighbour, 1800.0),
    Measure("memory", measure_memory, 1200.0),
)
