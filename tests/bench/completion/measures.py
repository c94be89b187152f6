"""All measures of completion, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.completion.answer_measure import measure_answers
from tests.bench.completion.busy_measures import measure_beside_chat, measure_many_clients
from tests.bench.completion.field import Field
from tests.bench.completion.opening_measure import measure_opening
from tests.bench.completion.quality.lines_measure import measure_lines
from tests.bench.completion.quality.quality_measure import measure_quality
from tests.bench.completion.rows import Row
from tests.bench.completion.typing_measure import measure_typing


@dataclass(frozen=True)
class Measure:
    """A group of rows that are taken together."""

    name: str
    take: Callable[[Field], list[Row]]
    needs_data: bool = False


MEASURES = (
    Measure("typing", measure_typing),
    Measure("chat", measure_beside_chat),
    Measure("clients", measure_many_clients),
    Measure("opening", measure_opening),
    Measure("answers", measure_answers),
    Measure("lines", measure_lines),
    Measure("quality", measure_quality, needs_data=True),
)
