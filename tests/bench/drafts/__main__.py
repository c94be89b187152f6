"""Prints what drafts are worth: `python -m tests.bench.drafts --model FILE [--json FILE]`.

Eight edits of standard library code and some plain chat are answered greedily, with drafts off and
on by turns. What counts are the ratios of a pair; answers must be identical. `--rounding` measures
instead how far the size of a decode moves the model's choice.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import Sampling, Speed
from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.messages import RuntimeSettings
from engine.inference.probe.measurement import measure
from engine.inference.probe.processor import processor_name, thread_candidates
from engine.inference.worker_process import worker_environment
from tests.bench.drafts.measures import Bench, Row
from tests.bench.drafts.rounding import Leads, Rounding, compare
from tests.bench.drafts.tasks import read_tasks
from tests.engine.inference.scheduler.desk import Desk

_CONTEXT_TOKENS = 4096
_ROUNDING_SIZES = (2, 4, 8, 16, 24)
_TARGETS = {"edits": 1.6, "chats": 0.98}


class Report(msgspec.Struct, frozen=True):
    """What was measured, on what."""

    processor: str
    load: float
    model: str
    speed: Speed
    temperature: float
    rows: tuple[Row, ...] = ()
    leads: Leads | None = None
    roundings: tuple[Rounding, ...] = ()


def main() -> int:
    """Measure, print, and return 1 where a target is missed or an answer differs."""
    options = _options()
    _restart_with_short_spin()
    load = os.getloadavg()[0]
    settings = RuntimeSettings(context_tokens=_CONTEXT_TOKENS, parallel_requests=2)
    runtime = LlamaRuntime(options.model, settings)
    counts = (options.threads,) if options.threads else thread_candidates()[:1]
    speed = measure(runtime, counts)
    report = Report(
        processor=_processor(),
        load=load,
        model=options.model.name,
        speed=speed,
        temperature=options.temperature,
    )
    curve = ", ".join(f"{size}: {ms:.0f}" for size, ms in speed.batch_milliseconds.items())
    print(f"{report.processor}, load {load:.1f}; {report.model}, {speed.threads} threads")
    print(f"milliseconds of a decode by its tokens: {curve}")
    if options.rounding:
        report = _measure_rounding(runtime, report, options.tokens)
    else:
        report = _measure_drafts(runtime, report, options)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    return 0 if all(row.differs_at < 0 for row in report.rows) and _holds(report) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.drafts")
    named = os.environ.get("LIMPET_TEST_MODEL")
    parser.add_argument("--model", type=Path, default=named, required=not named)
    parser.add_argument("--json", type=Path, help="write the report to this file as well")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=400, help="the longest answer")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--only", choices=list(_TARGETS))
    parser.add_argument("--rounding", action="store_true")
    return parser.parse_args()


def _processor() -> str:
    lines = processor_name().splitlines()
    named = [line for line in lines if line.startswith("model name")]
    return (named or lines)[0].rpartition(":")[2].strip()


def _restart_with_short_spin() -> None:
    """Run with the environment that a worker has: OpenMP reads it only at a program's start."""
    wanted = worker_environment(os.environ)
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.bench.drafts", *sys.argv[1:]],
            {**os.environ, **wanted},
        )


def _measure_drafts(runtime: LlamaRuntime, report: Report, options: argparse.Namespace) -> Report:
    bench = Bench(runtime, CostCurve(report.speed.batch_milliseconds), read_tasks())
    kinds = [options.only] if options.only else list(_TARGETS)
    sampling = Sampling(temperature=options.temperature, seed=7)
    rows = []
    print(f"\n{'task':18} tokens    off     on  ratio  drafted accepted  identical")
    for row in bench.rows(kinds, rounds=options.rounds, most=options.tokens, sampling=sampling):
        rows.append(row)
        same = "yes" if row.differs_at < 0 else f"no, from token {row.differs_at}"
        print(
            f"{row.name:18} {row.tokens:6} {row.off:6.1f} {row.on:6.1f} {row.ratio:6.2f} "
            f"{row.drafted:8} {row.accepted:8}  {same}",
            flush=True,
        )
    report = msgspec.structs.replace(report, rows=tuple(rows))
    for kind in kinds:
        ratio, target = _ratio(rows, kind), _TARGETS[kind]
        verdict = "met" if ratio >= target else "missed"
        print(f"{kind}: median ratio {ratio:.2f}, wanted at least {target}: {verdict}")
    return report


def _ratio(rows: Sequence[Row], kind: str) -> float:
    return statistics.median(row.ratio for row in rows if row.kind == kind)


def _holds(report: Report) -> bool:
    kinds = {row.kind for row in report.rows}
    return all(_ratio(report.rows, kind) >= _TARGETS[kind] for kind in kinds)


def _measure_rounding(runtime: LlamaRuntime, report: Report, most: int) -> Report:
    tasks = read_tasks()
    texts = []
    for task in (*tasks.edits, *tasks.chats):
        prompt = runtime.tokenize(tasks.prompt(task), special=True)
        for sequence in range(runtime.sequence_count):
            runtime.truncate(sequence, 0)
        desk = Desk(runtime)
        number = desk.submit(prompt, most=most)
        desk.finish_all()
        texts.append((prompt, desk.jobs[number].tokens[len(prompt) :].tolist()))
    for sequence in range(runtime.sequence_count):
        runtime.truncate(sequence, 0)
    leads, roundings = compare(runtime, texts, _ROUNDING_SIZES)
    for limit, count in leads.below.items():
        print(f"of {leads.tokens} tokens {count} lead by less than {limit}")
    for found in roundings:
        print(
            f"decodes of {found.size}: {found.flips} other choices of {found.tokens}; the largest "
            f"lead lost {found.largest_flip:.3f}; leads move by {found.shifts[0]:.3f} (median), "
            f"{found.shifts[1]:.3f} (largest)"
        )
    return msgspec.structs.replace(report, leads=leads, roundings=tuple(roundings))


if __name__ == "__main__":
    sys.exit(main())
