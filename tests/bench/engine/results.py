"""The results of one or several runs: kept as JSON, shown as a table, written into the docs."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.bench.engine.figures import BenchFailure, Limit, Row
from tests.bench.engine.machine import Machine

BEGIN_MARK = "<!-- table: begin (written by `make bench`) -->"
END_MARK = "<!-- table: end -->"
_HEADINGS = ("Figure", "Target", "Median", "Smallest", "Largest", "Rounds", "Met", "Remark")


class Results(msgspec.Struct, frozen=True):
    """Rows by their keys, and the machine that all of them were taken on."""

    machine: Machine
    rows: tuple[Row, ...] = ()

    def with_rows(self, rows: list[Row]) -> Results:
        """Return results in which `rows` stand for older ones of the same key."""
        newer = {each.key: each for each in rows}
        kept = [newer.pop(each.key, each) for each in self.rows]
        return msgspec.structs.replace(self, rows=(*kept, *newer.values()))

    @property
    def are_all_met(self) -> bool:
        """Whether no limit is missed."""
        return all(each.is_met is not False for each in self.rows)


def results_so_far(path: Path, machine: Machine) -> Results:
    """Return what earlier runs on the same machine, commit and versions have left to go on with."""
    try:
        earlier = msgspec.json.decode(path.read_bytes(), type=Results)
    except (OSError, msgspec.DecodeError):
        return Results(machine)
    same = msgspec.structs.replace(earlier.machine, load=machine.load) == machine
    return earlier if same else Results(machine)


def save(results: Results, path: Path) -> None:
    """Write the results as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")


def as_text(results: Results) -> str:
    """Return head and table for a terminal."""
    cells = [list(_HEADINGS), *(_cells(each) for each in results.rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([*results.machine.lines, "", *lines])


def as_markdown(results: Results) -> str:
    """Return head and table for the documentation."""
    head = [f"- {line}" for line in results.machine.lines]
    lines = [_HEADINGS, tuple("---" for _ in _HEADINGS), *(_cells(each) for each in results.rows)]
    table = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([*head, "", *table])


def write_into(document: Path, results: Results) -> None:
    """Put the table between the document's two marks. Raises BenchFailure where they are not."""
    text = document.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN_MARK)
    _, end, after = rest.partition(END_MARK)
    if not begin or not end:
        raise BenchFailure(f"{document} lacks the marks that the table belongs between")
    document.write_text(
        f"{before}{begin}\n\n{as_markdown(results)}\n\n{end}{after}", encoding="utf-8"
    )


def _cells(each: Row) -> list[str]:
    met = {None: "", True: "yes", False: "**no**"}[each.is_met]
    numbers = [each.median, each.smallest, each.largest]
    return [
        each.title,
        "; ".join(_limit_in_words(limit, each.unit) for limit in each.limits),
        f"{_number(numbers[0])} {each.unit}",
        *(_number(number) for number in numbers[1:]),
        str(len(each.samples)),
        met,
        each.note,
    ]


def _limit_in_words(limit: Limit, unit: str) -> str:
    sign = "≥" if limit.is_least else "≤"
    words = f"{sign} {limit.bound:g} {unit}"
    return f"{words} at worst" if limit.statistic == "worst" else words


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
