"""What the figures belong to: processor, memory, versions, model."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

import msgspec

from engine.inference.probe.processor import physical_cores, usable_processors
from engine.inference.probe.report import ProbeResult
from rpc.places import cache_directory
from tests.bench.engine.bench_home import REPOSITORY

_FLAGS_OF_INTEREST = (
    "avx", "avx2", "fma", "f16c", "bmi2", "avx512f", "avx512bw", "avx512vbmi", "avx512_vnni",
    "avx512_bf16", "avx_vnni", "amx_tile", "amx_int8", "asimddp", "i8mm", "sve",
)  # fmt: skip


class Machine(msgspec.Struct, frozen=True):
    """The head of a table. `load` is the load average before the measures began."""

    processor: str
    cores: int
    usable_processors: int
    flags: tuple[str, ...]
    memory_gib: float
    system: str
    python: str
    commit: str
    versions: dict[str, str]
    model: str
    model_bytes: int
    threads: int
    load: float

    @property
    def lines(self) -> tuple[str, ...]:
        """The head in words."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        cores = f"{self.cores} cores, {self.usable_processors} usable"
        return (
            f"Processor: {self.processor}, {cores}; {' '.join(self.flags)}",
            f"Memory: {self.memory_gib:.0f} GiB. System: {self.system}, Python {self.python}",
            f"Limpet at {self.commit}; {versions}",
            f"Model: {self.model} ({self.model_bytes:,} bytes), {self.threads} threads",
            f"Load average before: {self.load:.2f}",
        )


def this_machine(model_file: Path, load: float) -> Machine:
    """Describe this machine; the model must have been tried before."""
    cpuinfo = _read(Path("/proc/cpuinfo"))
    flags = next((line for line in cpuinfo.splitlines() if line.startswith(("flags", "Feat"))), "")
    present = set(flags.split())
    usable = usable_processors()
    pages, page_size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return Machine(
        processor=_value(cpuinfo, "model name") or platform.processor() or platform.machine(),
        cores=physical_cores(cpuinfo) or usable,
        usable_processors=usable,
        flags=tuple(flag for flag in _FLAGS_OF_INTEREST if flag in present),
        memory_gib=pages * page_size / (1 << 30),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        commit=_commit(),
        versions={
            name: importlib.metadata.version(name)
            for name in ("llama-cpp-python", "grpcio", "numpy")
        },
        model=model_file.name,
        model_bytes=model_file.stat().st_size,
        threads=_threads(),
        load=load,
    )


def _threads() -> int:
    """Return the threads that the probe of this run has chosen."""
    found = list((cache_directory() / "probes").glob("*.json"))
    if not found:
        return 0
    return msgspec.json.decode(found[0].read_bytes(), type=ProbeResult).speed.threads


def _commit() -> str:
    outcome = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return outcome.stdout.strip() or "no commit"


def _value(text: str, name: str) -> str:
    for line in text.splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return ""


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""
