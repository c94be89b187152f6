"""Reads how much processor time and memory another process of this user has taken."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.engine.figures import BenchFailure

_SAMPLE_SECONDS = 0.0005
_SILENCE_SECONDS = 0.15
# Below this a process only wakes up to look: it does not compute.
_NOTHING_NS = 200_000


def processor_ns(pid: int) -> int:
    """Return the processor time of all threads of a process, exact to the moment.

    It is the clock that clock_getcpuclockid(3) names; unlike /proc it does not wait for the
    kernel's next tick. Raises BenchFailure where there is none.
    """
    if sys.platform != "linux":
        raise BenchFailure("the processor time of another process can be read only on Linux")
    return time.clock_gettime_ns((~pid << 3) | 2)


def seconds_until_idle(pid: int, since: float, limit_seconds: float = 5.0) -> float:
    """Return how long after `since` (of time.perf_counter) a process stopped computing.

    Samples its clock every half millisecond until it has stood still for a while, and returns the
    first sample from which on the process took no more than 0.2 ms altogether.
    """
    samples: list[tuple[float, int]] = []
    still_since = since
    while True:
        taken = processor_ns(pid)
        now = time.perf_counter()
        if samples and taken - samples[-1][1] > 0:
            still_since = now
        samples.append((now, taken))
        if now - still_since > _SILENCE_SECONDS:
            break
        if now - since > limit_seconds:
            raise BenchFailure(f"process {pid} still computes after {limit_seconds:g} s")
        time.sleep(_SAMPLE_SECONDS)
    final = samples[-1][1]
    return next(at for at, taken in samples if final - taken <= _NOTHING_NS) - since


@dataclass(frozen=True)
class ResidentMemory:
    """The resident memory of a process in bytes, by what is behind it."""

    weights_file: int
    other_files: int
    anonymous: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights_file + self.other_files + self.anonymous


def resident_memory(pid: int, weights: Path) -> ResidentMemory:
    """Add up the mappings of a process. Raises BenchFailure where /proc does not tell them."""
    try:
        lines = Path(f"/proc/{pid}/smaps").read_text("utf-8").splitlines()
    except OSError as error:
        raise BenchFailure(f"the memory of process {pid} cannot be read: {error}") from error
    weights_file = resident = anonymous = 0
    is_weights = False
    for line in lines:
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            is_weights = line.endswith(str(weights))
        elif line.startswith("Rss:"):
            resident += _bytes_in(line)
            weights_file += _bytes_in(line) if is_weights else 0
        elif line.startswith("Anonymous:"):
            anonymous += _bytes_in(line)
            weights_file -= _bytes_in(line) if is_weights else 0
    return ResidentMemory(weights_file, resident - anonymous - weights_file, anonymous)


def _bytes_in(line: str) -> int:
    return int(line.split()[1]) << 10
