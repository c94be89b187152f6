"""Says how much memory a model could take now, without pushing other programs out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def free_memory_bytes(root: Path = Path("/")) -> int | None:
    """Bytes that are free now; None where this system does not say.

    On Linux this is MemAvailable, or what the control group leaves where that is less (a container
    or a systemd unit with a memory limit). `root` stands for the file system's root in tests.
    """
    if sys.platform == "darwin":
        return _free_on_macos()
    machine = _available_in_meminfo(root / "proc/meminfo")
    group = _left_in_control_groups(root)
    known = [each for each in (machine, group) if each is not None]
    return min(known) if known else None


def _available_in_meminfo(path: Path) -> int | None:
    text = _read(path)
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def _left_in_control_groups(root: Path) -> int | None:
    """What the tightest of the process's control groups leaves; every ancestor's limit counts."""
    found = re.search(r"^0::/(.*)$", _read(root / "proc/self/cgroup"), re.MULTILINE)
    if found is None:
        return None
    top = root / "sys/fs/cgroup"
    group = top / found[1]
    lefts: list[int] = []
    for folder in (group, *group.parents):
        left = _left_in(folder)
        if left is not None:
            lefts.append(left)
        if folder == top:
            break
    return min(lefts) if lefts else None


def _left_in(folder: Path) -> int | None:
    limit = _read(folder / "memory.max").strip()
    used = _read(folder / "memory.current").strip()
    if not limit.isdigit() or not used.isdigit():  # "max" means no limit
        return None
    # File pages that were not used lately are given up before anything fails.
    found = re.search(r"^inactive_file (\d+)$", _read(folder / "memory.stat"), re.MULTILINE)
    reclaimable = int(found[1]) if found else 0
    return max(0, int(limit) - int(used) + reclaimable)


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""


def _free_on_macos() -> int | None:
    try:
        run = subprocess.run(
            ["/usr/bin/vm_stat"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return free_in_vm_stat(run.stdout)


def free_in_vm_stat(text: str) -> int | None:
    """Bytes that macOS could hand out, from the text that its `vm_stat` prints."""
    page = re.search(r"page size of (\d+) bytes", text)
    pattern = r"^Pages (?:free|inactive|speculative|purgeable):\s+(\d+)"
    kinds = re.findall(pattern, text, re.MULTILINE)
    if page is None or not kinds:
        return None
    return int(page[1]) * sum(int(each) for each in kinds)
