"""The bench's own arithmetic: limits, merging of runs, and the table in the documentation."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.bench.engine.figures import BenchFailure, Limit, Row, percentile, row
from tests.bench.engine.machine import Machine
from tests.bench.engine.process_clock import processor_ns, resident_memory, seconds_until_idle
from tests.bench.engine.results import (
    BEGIN_MARK,
    END_MARK,
    Results,
    as_text,
    results_so_far,
    save,
    write_into,
)

MACHINE = Machine("cpu", 2, 2, ("avx2",), 8.0, "Linux 6", "3.11", "abc", {}, "m.gguf", 5, 2, 0.1)
# Computes until it reads a line, then sleeps until its input ends.
WORKER = """
import sys, threading
asked = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), asked.set())).start()
print(flush=True)
while not asked.is_set():
    sum(range(1000))
sys.stdin.read()
"""

MET = [
    ((1.0, 2.0, 9.0), Limit(2.0), True),
    ((1.0, 2.0, 9.0), Limit(1.9), False),
    ((1.0, 2.0, 9.0), Limit(8.0, "worst"), False),
    ((1.0, 2.0, 9.0), Limit(9.0, "worst"), True),
    ((1.0, 2.0, 9.0), Limit(2.0, is_least=True), True),
    ((1.0, 2.0, 9.0), Limit(2.0, "worst", is_least=True), False),
]


@pytest.mark.parametrize(("samples", "limit", "is_met"), MET)
def test_limits(samples: tuple[float, ...], limit: Limit, is_met: bool) -> None:
    assert row("key", "title", "s", samples, limit).is_met is is_met


def test_a_row_without_samples_is_a_failure() -> None:
    with pytest.raises(BenchFailure):
        row("key", "title", "s", ())


def test_percentiles() -> None:
    samples = [float(number) for number in range(1000, 0, -1)]
    assert (percentile(samples, 50), percentile(samples, 99)) == (501.0, 991.0)


def test_runs_on_one_machine_add_up(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    old = [Row("a", "A", "s", (1.0,)), Row("b", "B", "s", (1.0,))]
    save(results_so_far(path, MACHINE).with_rows(old), path)
    later = msgspec.structs.replace(MACHINE, load=3.0)
    merged = results_so_far(path, later).with_rows([Row("a", "A", "s", (2.0,))])
    assert [(each.key, each.median) for each in merged.rows] == [("a", 2.0), ("b", 1.0)]
    assert results_so_far(path, msgspec.structs.replace(MACHINE, commit="def")).rows == ()


def test_the_table_stands_between_the_marks_again_and_again(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{BEGIN_MARK}\nold\n{END_MARK}\nafter\n", "utf-8")
    for median in (0.5, 0.25):
        results = Results(MACHINE, (row("a", "start", "s", [median], Limit(0.3)),))
        write_into(document, results)
    text = document.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| start | ≤ 0.3 s | 0.250 s | 0.250 | 0.250 | 1 | yes |  |" in text
    assert "old" not in text
    assert "0.500" not in text
    assert "start" in as_text(results)


def test_a_document_without_marks_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("no marks", "utf-8")
    with pytest.raises(BenchFailure):
        write_into(document, Results(MACHINE))
    assert document.read_text("utf-8") == "no marks"


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's clocks")
def test_it_sees_when_a_process_stops_computing(worker: subprocess.Popen[bytes]) -> None:
    assert worker.stdin is not None
    with pytest.raises(BenchFailure):
        seconds_until_idle(worker.pid, time.perf_counter(), limit_seconds=0.3)
    asked_at = time.perf_counter()
    worker.stdin.write(b"\n")
    assert 0 <= seconds_until_idle(worker.pid, asked_at, limit_seconds=10.0) < 5.0
    still = processor_ns(worker.pid)
    assert processor_ns(worker.pid) == still


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's /proc")
def test_it_takes_the_memory_of_a_process_apart(
    worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    memory = resident_memory(worker.pid, tmp_path / "not-mapped")
    assert memory.weights_file == 0
    assert memory.anonymous > 1 << 20
    assert memory.other_files > 1 << 20
