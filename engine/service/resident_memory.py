"""Measures the memory that processes really occupy."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Iterable
from pathlib import Path


async def resident_bytes(pids: Iterable[int]) -> int:
    """Return the resident memory of the processes together; one that is gone counts nothing."""
    wanted = tuple(pids)
    if platform.system() == "Linux":
        return sum(_from_proc(pid) for pid in wanted)
    return await _from_ps(wanted)


def _from_proc(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):  # the process ended meanwhile
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


async def _from_ps(pids: tuple[int, ...]) -> int:
    """Ask `ps`, which every other Unix has; it counts in KiB."""
    process = await asyncio.create_subprocess_exec(
        "ps",
        "-o",
        "rss=",
        "-p",
        ",".join(map(str, pids)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await process.communicate()
    return sum(int(line) << 10 for line in output.split() if line.isdigit())
