"""What the processor is: its name for the probe's memory, its cores for the number of threads."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def physical_cores(cpuinfo: str) -> int:
    """Return the number of distinct cores in the text of `/proc/cpuinfo`; 0 where it tells none."""
    cores: set[tuple[str, str]] = set()
    package = ""
    for line in cpuinfo.splitlines():
        name, _, value = (part.strip() for part in line.partition(":"))
        if name == "physical id":
            package = value
        elif name == "core id":
            cores.add((package, value))
    return len(cores)


def thread_candidates() -> tuple[int, ...]:
    """Return the numbers of threads worth measuring, physical cores first.

    Two threads on one core share its vector units, and on processors with slow cores half of them
    may be faster than all.
    """
    usable = usable_processors()
    cores = min(physical_cores(_cpuinfo()) or usable, usable)
    candidates = [cores]
    if cores >= 4:
        candidates.append(cores // 2)
    return tuple(candidates)


def processor_name() -> str:
    """Return a text that differs between processors with different instructions."""
    lines = [
        line
        for line in _cpuinfo().splitlines()
        if line.startswith(("model name", "flags", "Features"))
    ]
    if lines:
        return "\n".join(sorted(set(lines)))
    return f"{platform.machine()} {platform.processor()}"


def _cpuinfo() -> str:
    try:
        return Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return ""
