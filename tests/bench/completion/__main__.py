"""Entry point: `python -m tests.bench.completion` measures completion and prints the table."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from tests.bench.completion.field import Field
from tests.bench.completion.generator import default_scripts
from tests.bench.completion.measures import MEASURES, Measure
from tests.bench.completion.report import Report, as_text, report_so_far, save, write_into
from tests.bench.completion.script import Script, read_scripts, write_script
from tests.bench.engine.bench_home import REPOSITORY, BenchHome, bench_home
from tests.bench.engine.figures import BenchFailure
from tests.bench.engine.machine import this_machine
from tests.bench.peer.server_build import PeerBuild, built_peer
from tests.bench.peer.server_process import Configuration, configurations

_DOCUMENT = REPOSITORY / "docs" / "completion.md"
_RESULTS = REPOSITORY / "build" / "bench" / "completion"
_TARGET_MISSED, _NOT_MEASURED = 1, 3
_SEED = 1
_NONE = "none"


def main() -> int:
    """Take the measures that are asked for; return 1 where a target is missed, 3 on failures."""
    given = _parser().parse_args()
    _end_on_signals()
    load = os.getloadavg()[0]
    try:
        scripts = _scripts(given)
        if given.write_sessions:
            given.write_sessions.mkdir(parents=True, exist_ok=True)
            for number, script in enumerate(scripts, 1):
                write_script(script, given.write_sessions / f"session-{number}.jsonl")
            return 0
        peers = _peers(given.peers)
        # Before the home of the bench: the peer belongs into the user's own cache.
        build = built_peer(_say) if peers else None
        with bench_home() as home:
            _say("warming up: the model is checked and tried")
            home.warm_up()
            field = _field(given, home, build, peers, scripts)
            report = _measured(given, field, load)
        print(as_text(report))
        if given.write_docs:
            write_into(_DOCUMENT, report)
    except BenchFailure as failure:
        _say(f"not measured: {failure}")
        return _NOT_MEASURED
    for gap in report.not_measured:
        _say(f"not measured: {gap}")
    if report.not_measured and not _only_lacks_data(given, report):
        return _NOT_MEASURED
    return 0 if report.are_all_met else _TARGET_MISSED


def _measured(given: argparse.Namespace, field: Field, load: float) -> Report:
    path = field.results_folder / "report.json"
    flags = {each.name: " ".join(each.flags) or "no flags" for each in field.peers}
    report = report_so_far(path, this_machine(field.home.model_file, load), flags)
    for measure in MEASURES:
        if given.only and measure.name not in given.only:
            continue
        if measure.needs_data and field.data is None:
            report = report.with_gap(f"{measure.name}: needs --data")
            continue
        report = _take(measure, field, report)
        field.keep_logs()
        save(report, path)
    return report


def _take(measure: Measure, field: Field, report: Report) -> Report:
    _say(f"measuring: {measure.name}")
    begun = time.monotonic()
    try:
        rows = measure.take(field)
    except Exception as error:  # noqa: BLE001 - one measure's failure must not cost the others
        return report.with_gap(f"{measure.name}: {type(error).__name__}: {error}")
    _say(f"measured: {measure.name} in {time.monotonic() - begun:.0f} s")
    return report.with_rows(rows)


def _only_lacks_data(given: argparse.Namespace, report: Report) -> bool:
    """Whether what is missing is only what was not asked for."""
    return given.data is None and all(gap.endswith("needs --data") for gap in report.not_measured)


def _field(
    given: argparse.Namespace,
    home: BenchHome,
    build: PeerBuild | None,
    peers: tuple[Configuration, ...],
    scripts: list[Script],
) -> Field:
    return Field(
        home=home,
        build=build,
        peers=peers,
        scripts=tuple(scripts),
        is_quick=given.quick,
        clients=given.clients,
        data=given.data.resolve() if given.data else None,
        models=tuple(given.models),
        results_folder=given.results.resolve(),
    )


def _scripts(given: argparse.Namespace) -> list[Script]:
    if given.sessions is not None:
        return read_scripts(given.sessions)
    return default_scripts(_SEED, 1 if given.quick else given.scripts, is_short=given.quick)


def _peers(names: list[str]) -> tuple[Configuration, ...]:
    known = {each.name: each for each in configurations()}
    if names == [_NONE]:
        return ()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BenchFailure(f"no such peer: {unknown[0]}; there are {', '.join(known)}, {_NONE}")
    return tuple(known[name] for name in names or known)


def _end_on_signals() -> None:
    """Unwind on SIGTERM and SIGHUP as on Ctrl+C, so that what was started is ended."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    names = [each.name for each in MEASURES]
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.completion",
        description="Measures completion on this machine; best with nothing else running.",
        epilog="Exit codes: 0 every target met; 1 a target missed; 3 something not measured.",
    )
    add = parser.add_argument
    add("--only", nargs="+", default=[], choices=names, help="these measures alone")
    add("--quick", action="store_true", help="short sessions: a few minutes in all")
    add("--sessions", type=Path, metavar="PATH", help="a session or a folder of them instead")
    add("--scripts", type=int, default=2, metavar="N", help="how many default sessions")
    add("--write-sessions", type=Path, metavar="FOLDER", help="write the sessions and end")
    add("--peers", nargs="+", default=[], metavar="NAME", help="these alone; `none` for none")
    add("--clients", type=int, default=8, metavar="N", help="how many type at once")
    add("--data", type=Path, metavar="PATH", help="fill-in-the-middle cases (*.jsonl.gz)")
    add("--models", nargs="+", default=[], metavar="ID", help="models for the quality rows")
    add("--results", type=Path, default=_RESULTS, metavar="FOLDER", help="where results are kept")
    add("--write-docs", action="store_true", help="put the table into docs/completion.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
