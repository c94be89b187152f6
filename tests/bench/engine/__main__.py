"""Entry point: `python -m tests.bench.engine` measures the engine and prints the table."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests.bench.engine.bench_home import REPOSITORY, BenchHome, bench_home
from tests.bench.engine.figures import BenchFailure, Effort, Row
from tests.bench.engine.machine import this_machine
from tests.bench.engine.measures import MEASURES, Measure
from tests.bench.engine.results import as_text, results_so_far, save, write_into

_DOCUMENT = REPOSITORY / "docs" / "performance.md"
_RESULTS = REPOSITORY / "build" / "bench" / "engine.json"
_TARGET_MISSED, _NOT_MEASURED = 1, 3


def main() -> int:
    """Take the measures that are asked for; return 1 where a target is missed, 3 on failures."""
    given = _parser().parse_args()
    _end_on_signals()
    load = os.getloadavg()[0]
    wanted = _chosen(given.only, with_all=given.all)
    failures: list[str] = []
    try:
        with bench_home() as home:
            _say("warming up: the model is checked and tried")
            home.warm_up()
            results = results_so_far(given.json, this_machine(home.model_file, load))
            for measure in wanted:
                rows = _take(measure, home, Effort(is_quick=given.quick), failures)
                results = results.with_rows(rows)
                save(results, given.json)
        print(as_text(results))
        if given.write_docs:
            write_into(_DOCUMENT, results)
    except BenchFailure as failure:
        failures.append(str(failure))
    for failure_text in failures:
        _say(f"not measured: {failure_text}")
    if failures:
        return _NOT_MEASURED
    return 0 if results.are_all_met else _TARGET_MISSED


def _take(measure: Measure, home: BenchHome, effort: Effort, failures: list[str]) -> list[Row]:
    _say(f"measuring: {measure.name}")
    begun = time.monotonic()
    try:
        with _time_limit(measure.limit_seconds):
            rows = measure.take(home, effort)
    except Exception as error:  # noqa: BLE001 - one measure's failure must not cost the others
        failures.append(f"{measure.name}: {type(error).__name__}: {error}")
        return []
    _say(f"measured: {measure.name} in {time.monotonic() - begun:.0f} s")
    return rows


def _chosen(names: list[str], *, with_all: bool) -> list[Measure]:
    if names:
        return [each for each in MEASURES if each.name in names]
    return [each for each in MEASURES if with_all or not each.on_request]


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise BenchFailure in the main thread when the block takes too long."""

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise BenchFailure(f"not done within {seconds:g} s")

    signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def _end_on_signals() -> None:
    """Unwind on SIGTERM and SIGHUP as on Ctrl+C, so that what was started is ended."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    names = ", ".join(each.name for each in MEASURES)
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.engine",
        description="Measures the engine on this machine; best with nothing else running.",
        epilog=f"Measures: {names}. Exit codes: 0 every target met; 1 a target missed; "
        "3 something could not be measured.",
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these alone")
    parser.add_argument("--all", action="store_true", help="the fresh clone as well")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    parser.add_argument(
        "--json", type=Path, default=_RESULTS, metavar="FILE",
        help="where results are kept; runs on an unchanged commit add to them",
    )  # fmt: skip
    parser.add_argument(
        "--write-docs", action="store_true", help="put the table into docs/performance.md"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
