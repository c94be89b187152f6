"""Says to bubblewrap what a program may see and what it may use."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import SandboxUnavailable
from engine.sandbox.box import Box
from engine.sandbox.limits import Limits

PROJECT = "/project"
SCRATCH = "/tmp"  # noqa: S108 - the sandbox's own, which nobody else sees
_LAUNCHER = "/launcher.py"
_NOBODY = 65534
_SMALL_BYTES = 1 << 20
# Parts of the system that programs load; links among them stay links.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives")
_ENVIRONMENT = {
    "HOME": SCRATCH,
    "TMPDIR": SCRATCH,
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


def arguments(
    program: str,
    command: Sequence[str],
    box: Box,
    limits: Limits,
    *,
    environment: Mapping[str, str],
    filter_descriptor: int | None,
    information_descriptor: int,
) -> list[str]:
    """Return the command that runs `command` in the sandbox. Raises SandboxUnavailable."""
    is_root = os.geteuid() == 0
    words = [program, *_namespaces(is_root=is_root)]
    words += ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"]
    for name, value in {**_ENVIRONMENT, **environment}.items():
        words += ["--setenv", name, value]
    words += _system_mounts(box)
    words += ["--ro-bind", str(box.project), PROJECT, "--ro-bind", str(box.launcher), _LAUNCHER]
    # The small file systems live in memory: each has its size, and those of them that nobody
    # needs to write to cannot be written to.
    words += ["--perms", "1777", "--size", str(limits.scratch_bytes), "--tmpfs", SCRATCH]
    words += ["--perms", "1777", "--size", str(_SMALL_BYTES), "--tmpfs", "/dev/shm"]  # noqa: S108
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", PROJECT]
    words += ["--info-fd", str(information_descriptor)]
    if filter_descriptor is not None:
        words += ["--seccomp", str(filter_descriptor)]
    wanted = {"user": _NOBODY if is_root else None, "limits": _resource_limits(limits)}
    launcher = [sys.executable, "-I", "-S", _LAUNCHER, json.dumps(wanted)]
    return [*words, "--", *launcher, *command]


def _namespaces(*, is_root: bool) -> list[str]:
    """Return what is separated from the rest of the machine.

    The kernel counts no processes for root, also where root goes by another name in a namespace of
    users. So root needs none, and the launcher becomes another user; whoever else it is keeps
    their own number, in a namespace in which no further ones can be made.
    """
    if is_root:
        names = ("ipc", "pid", "net", "uts", "cgroup-try")
        capabilities = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        return [*(f"--unshare-{name}" for name in names), *capabilities]
    users = ["--unshare-user", "--disable-userns", "--uid", str(_NOBODY), "--gid", str(_NOBODY)]
    return ["--unshare-all", *users, "--cap-drop", "ALL"]


def _system_mounts(box: Box) -> list[str]:
    words = ["--proc", "/proc", "--dev", "/dev"]
    for place in map(Path, _SYSTEM):
        if place.is_symlink():
            words += ["--symlink", str(place.readlink()), str(place)]
        elif place.is_dir():
            words += ["--ro-bind", str(place), str(place)]
    for name in _SETTINGS:
        words += ["--ro-bind-try", name, name]
    for entry in sorted(box.system.iterdir()):
        words += ["--ro-bind", str(entry), f"/etc/{entry.name}"]
    for folder in _python_folders():
        # Folders above that bubblewrap makes by itself would be closed to the launcher's user.
        for above in reversed(folder.parents[:-1]):
            words += ["--dir", str(above)]
        words += ["--ro-bind", str(folder), str(folder)]
    return words


def _python_folders() -> list[Path]:
    """Return the folders of this Python that the system's mounts do not hold already."""
    homes = [Path.home(), Path("/root"), Path("/home")]
    found: list[Path] = []
    for name in (sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix):
        folder = Path(name)
        if any(home.is_relative_to(folder) for home in homes):
            if folder == Path("/"):
                continue
            raise SandboxUnavailable(
                f"Python is installed in {folder}, and the sandbox must not show that folder.",
                advice="Set Limpet up in a virtual environment of its own.",
            )
        shown = [Path(system) for system in _SYSTEM] + found
        if not any(folder.is_relative_to(each) for each in shown):
            found.append(folder)
    return found


def _resource_limits(limits: Limits) -> dict[str, tuple[int, int]]:
    """Return soft and hard limits by their names in Python's `resource`."""
    seconds = limits.processor_seconds
    equal = {
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
    }
    # A second signal, which cannot be ignored, follows one second later.
    return {"RLIMIT_CPU": (seconds, seconds + 1)} | {
        name: (value, value) for name, value in equal.items()
    }
