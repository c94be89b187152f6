"""Checks of the machine: Python, processor, compiler, folders, disk."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from command_line import quantities
from command_line.doctor.check import Check, fail, ok, warn
from rpc import places

_OLDEST_PYTHON = (3, 11)
_CRAMPED_DISK_BYTES = 2_000_000_000


def processor_flags(cpuinfo: str) -> frozenset[str]:
    """Return the flags of the first processor in the text of /proc/cpuinfo."""
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            return frozenset(value.split())
    return frozenset()


def this_processor_flags() -> frozenset[str]:
    """Return this processor's flags; empty where the system does not tell."""
    try:
        return processor_flags(Path("/proc/cpuinfo").read_text("utf-8", "replace"))
    except OSError:
        return frozenset()


def check_python() -> Check:
    """Look at the version of Python."""
    text = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info >= _OLDEST_PYTHON:
        return ok("Python", text)
    return fail("Python", text, "Install Python 3.11 or newer and set Limpet up again.")


def check_processor(machine: str, flags: frozenset[str]) -> Check:
    """Look for the instructions that make a model quick on this kind of processor."""
    cores = f"{machine}, {os.cpu_count()} processors"
    if machine not in {"x86_64", "AMD64"} or not flags:
        return ok("processor", cores)
    if "avx2" not in flags:
        advice = "Choose the smallest model: without AVX2 answers take several times as long."
        return warn("processor", f"{cores}, no AVX2", advice)
    wide = " and AVX-512" if "avx512f" in flags else ""
    return ok("processor", f"{cores}, AVX2{wide}")


def check_compiler(*, is_needed: bool) -> Check:
    """Look for a C++ compiler, which only a new build of llama.cpp needs."""
    found = next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))), None)
    if found:
        return ok("compiler", found)
    if is_needed:
        return warn("compiler", "none", "Install one (`apt-get install g++`, or Xcode's tools).")
    return ok("compiler", "none, and none is needed: llama.cpp is built already")


def check_sandbox() -> Check:
    """Look whether bubblewrap can separate a program from the rest of the machine."""
    if sys.platform != "linux":
        return ok("sandbox", "none on this system; nothing of today needs it")
    program = shutil.which("bwrap")
    if program is None:
        advice = "Install bubblewrap (`apt-get install bubblewrap`)."
        return warn("sandbox", "no bubblewrap: generated tests will not be run", advice)
    command = [program, "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    trial = subprocess.run(command, capture_output=True, check=False)
    if trial.returncode:
        said = trial.stderr.decode("utf-8", "replace").strip()
        advice = "Allow user namespaces (`sysctl kernel.unprivileged_userns_clone=1`)."
        return warn("sandbox", f"bubblewrap does not work here: {said}", advice)
    return ok("sandbox", f"{program} works")


def check_runtime_directory() -> Check:
    """Look whether the folder of the socket keeps other users out."""
    directory = places.runtime_directory()
    try:
        status = directory.lstat()
    except FileNotFoundError:
        return ok("socket folder", f"{directory}, made when the engine starts")
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        advice = f"Remove {directory}, or set XDG_RUNTIME_DIR to a folder of your own."
        return fail("socket folder", f"{directory} is not a folder of yours", advice)
    if status.st_mode & 0o077:
        advice = f"Run `chmod 700 {directory}`."
        return warn("socket folder", f"{directory} is open to others", advice)
    return ok("socket folder", f"{directory}, closed to others")


def check_folders() -> Iterator[Check]:
    """Look whether the folders that Limpet writes to can be written."""
    folders = {
        "models": places.data_directory(),
        "logs": places.state_directory(),
        "cache": places.cache_directory(),
    }
    for name, folder in folders.items():
        existing = _existing(folder)
        if os.access(existing, os.W_OK | os.X_OK):
            yield ok(f"{name} folder", str(folder))
        else:
            advice = f"Make {existing} writable, or set the XDG folder for it elsewhere."
            yield fail(f"{name} folder", f"{folder} cannot be written", advice)


def check_disk(missing_bytes: int) -> Check:
    """Look whether the disk has room for what is still to be fetched."""
    folder = _existing(places.data_directory())
    free = shutil.disk_usage(folder).free
    text = f"{quantities.size(free)} free at {folder}"
    if free < missing_bytes:
        advice = f"Free {quantities.size(missing_bytes - free)} for the model."
        return fail("disk", text, advice)
    if free - missing_bytes < _CRAMPED_DISK_BYTES:
        return warn("disk", text, "Free some room before you fetch another model.")
    return ok("disk", text)


def _existing(folder: Path) -> Path:
    """Return the folder or its nearest parent that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())
