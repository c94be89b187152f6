"""Measures the first suggestion after opening a long file: at once, and after a rest."""

from __future__ import annotations

import statistics

from tests.bench.completion.editor_text import EditorText
from tests.bench.completion.field import Field
from tests.bench.completion.generator import large_module_texts
from tests.bench.completion.rows import Row, Target
from tests.bench.completion.side import Side
from tests.bench.engine.figures import BenchFailure

_LINES = 1500
_PATIENCE_SECONDS = 120.0
# A reader looks at a new file about this long.
_REST_SECONDS = 10.0
_ROUNDS, _QUICK_ROUNDS = 4, 1


def measure_opening(field: Field) -> list[Row]:
    """Open files that no side has seen, cold and with time to read ahead, side by side."""
    terms = field.terms()
    texts = list(large_module_texts().items())
    rounds = _QUICK_ROUNDS if field.is_quick else _ROUNDS
    if len(texts) < 2:
        raise BenchFailure("this Python lacks long modules to open")
    cold: dict[str, list[float]] = {name: [] for name in field.names}
    warm: dict[str, list[float]] = {name: [] for name in field.names}
    for name in field.names:
        with field.side(name, terms) as side:
            _first_suggestion(side, "warm_up.py", "def warm_up():\n    pass\n" * 20, 0.0)
            for number in range(2 * rounds):
                module, text = texts[number % len(texts)]
                # A head of its own: what was read for an earlier round does not fit.
                text = f'"""Round {number}."""\n' + "".join(text.splitlines(True)[: _LINES - 1])
                rest = _REST_SECONDS if number % 2 else 0.0
                seconds = _first_suggestion(side, f"{number}_{module}", text, rest)
                (warm if rest else cold)[name].append(1000 * seconds)
    return [
        _row("open-cold", "first suggestion in a file of 1,500 lines, at once", cold, 0.6),
        _row("open-warm", f"the same after {_REST_SECONDS:g} s", warm, 0.1),
    ]


def _first_suggestion(side: Side, path: str, text: str, rest_seconds: float) -> float:
    """Return the seconds from the first key to the first of a suggestion."""
    view = EditorText(path, text)
    side.open(view)
    view.go_to(_line_to_write_below(text), 0)
    side.move(view)
    if rest_seconds:
        side.rest(rest_seconds)
    line = view.line_before
    indentation = line[: len(line) - len(line.lstrip())]
    edit = view.press("\n" + indentation)
    wish = side.ask(view, [edit] if edit else [])
    if not wish.wait_for_line(_PATIENCE_SECONDS):
        raise BenchFailure(f"{side.title} had no answer for {path} in {_PATIENCE_SECONDS:g} s")
    answer = wish.answer()
    if answer.failure or answer.first_seconds is None:
        raise BenchFailure(f"{side.title}: {answer.failure}")
    return answer.first_seconds


def _line_to_write_below(text: str) -> int:
    """Return a line, from 1, in the middle: a plain statement inside a function."""
    lines = text.split("\n")
    for number in range(len(lines) // 2, len(lines)):
        line = lines[number - 1]
        if line.startswith("        ") and line.endswith(")") and "(" in line:
            return number
    return len(lines) // 2


def _row(key: str, title: str, values: dict[str, list[float]], bound: float) -> Row:
    medians: dict[str, float | None] = {
        name: statistics.median(each) for name, each in values.items()
    }
    rounds = min(len(each) for each in values.values())
    note = f"median of {rounds}"
    return Row(key, title, "ms", medians, Target(bound, "best peer"), note)
