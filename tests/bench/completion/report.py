"""The report: a table for people, ratios first, and the same as JSON; also for the docs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.bench.completion.rows import LIMPET, Row
from tests.bench.engine.figures import BenchFailure
from tests.bench.engine.machine import Machine

BEGIN_MARK = "<!-- table: begin (written by `make bench-completion`) -->"
END_MARK = "<!-- table: end -->"


class Report(msgspec.Struct, frozen=True):
    """What was measured, where, and against whom."""

    machine: Machine
    # The command lines' flags of the peer's configurations, by their names.
    peers: dict[str, str] = {}
    rows: tuple[Row, ...] = ()
    not_measured: tuple[str, ...] = ()

    def with_rows(self, rows: Sequence[Row]) -> Report:
        """Return a report in which `rows` stand for older ones of the same key."""
        newer = {each.key: each for each in rows}
        kept = [newer.pop(each.key, each) for each in self.rows]
        return msgspec.structs.replace(self, rows=(*kept, *newer.values()))

    def with_gap(self, what: str) -> Report:
        """Return a report that says what was not measured."""
        return msgspec.structs.replace(self, not_measured=(*self.not_measured, what))

    @property
    def are_all_met(self) -> bool:
        """Whether no target is missed."""
        return all(each.is_met is not False for each in self.rows)


def report_so_far(path: Path, machine: Machine, peers: dict[str, str]) -> Report:
    """Return what earlier runs on the same machine and commit have left to go on with."""
    try:
        earlier = msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.MsgspecError):
        return Report(machine, peers)
    same = msgspec.structs.replace(earlier.machine, load=machine.load) == machine
    if not same:
        return Report(machine, peers)
    return Report(machine, earlier.peers | peers, earlier.rows)


def save(report: Report, path: Path) -> None:
    """Write the report as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def as_text(report: Report) -> str:
    """Return head and table for a terminal."""
    cells = _table(report)
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([*_head(report), "", *lines])


def as_markdown(report: Report) -> str:
    """Return head and table for the documentation."""
    first, *others = _table(report)
    lines = [first, ["---"] * len(first), *others]
    return "\n".join(
        [*(f"- {line}" for line in _head(report)), ""]
        + [f"| {' | '.join(line)} |" for line in lines]
    )


def write_into(document: Path, report: Report) -> None:
    """Put the table between the document's two marks. Raises BenchFailure where they are not."""
    text = document.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN_MARK)
    _, end, after = rest.partition(END_MARK)
    if not begin or not end:
        raise BenchFailure(f"{document} lacks the marks that the table belongs between")
    document.write_text(f"{before}{begin}\n\n{as_markdown(report)}\n\n{end}{after}", "utf-8")


def _head(report: Report) -> list[str]:
    peers = [f"Peer “{name}”: `{flags}`" for name, flags in report.peers.items()]
    gaps = [f"Not measured: {each}" for each in report.not_measured]
    return [*report.machine.lines, *peers, *gaps]


def _table(report: Report) -> list[list[str]]:
    names = list(report.peers)
    headings = ["Figure", "Ours ÷ best peer", "Target", "Met", "Limpet", *names, "Unit", "Remark"]
    return [headings, *(_cells(each, names) for each in report.rows)]


def _cells(row: Row, names: Sequence[str]) -> list[str]:
    met = {None: "", True: "yes", False: "**no**"}[row.is_met]
    ratio = "" if row.ratio is None else f"{_number(row.ratio)} ×"
    values = [_value(row, name) for name in (LIMPET, *names)]
    target = row.target.words if row.target is not None else ""
    return [row.title, ratio, target, met, *values, row.unit, row.note]


def _value(row: Row, name: str) -> str:
    if name not in row.values:
        return ""
    value = row.values[name]
    return "not seen" if value is None else _number(value)


def _number(value: float) -> str:
    if abs(value) >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
