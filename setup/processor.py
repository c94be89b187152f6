"""What the CPU of this machine can do, as far as compiled code depends on it."""

from __future__ import annotations

import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
_FIRST_PROCESSOR_BYTES = 64 * 1024  # one entry is 1 to 4 KiB; some machines list hundreds
_SAME_CPU = ("vendor_id", "cpu family", "model", "CPU implementer", "CPU part", "CPU variant")
# Kernels report workarounds and power features among the flags, and these change with a kernel
# update. Only what a compiler can emit decides whether a binary runs.
_INSTRUCTION = re.compile(
    r"^(sse|ssse|pni|avx|amx|fma|f16c|bmi|abm|popcnt|aes|vaes|pclmul|vpclmul|gfni|sha|adx|movbe"
    r"|xsave|asimd|sve|sme|i8mm|bf16|fp|dotprod|crc32|atomics|neon|vfp)"
)


@dataclass(frozen=True)
class Processor:
    """One kind of CPU: its architecture, its maker's names for it, and its instructions."""

    architecture: str
    identity: tuple[str, ...]
    instructions: frozenset[str]

    @property
    def is_x86(self) -> bool:
        """Whether x86 flags apply."""
        return self.architecture in {"x86_64", "amd64", "i686", "i386"}

    @property
    def has_amx(self) -> bool:
        """Whether the CPU has Intel's matrix tiles."""
        return any(name.startswith("amx") for name in self.instructions)


def parse_cpuinfo(text: str, architecture: str) -> Processor:
    """Return the processor that the first entry of a Linux cpuinfo text describes."""
    fields: dict[str, str] = {}
    for line in text.split("\n\n", 1)[0].splitlines():
        name, _, value = line.partition(":")
        fields[name.strip()] = value.strip()
    listed = (fields.get("flags") or fields.get("Features") or "").split()
    return Processor(
        architecture=architecture.lower(),
        identity=tuple(fields[name] for name in _SAME_CPU if name in fields),
        instructions=frozenset(flag for flag in listed if _INSTRUCTION.match(flag)),
    )


def parse_sysctl(text: str, architecture: str) -> Processor:
    """Return the processor that `sysctl machdep.cpu` describes on macOS."""
    fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    listed = " ".join(value for name, value in fields.items() if "features" in name).lower()
    brand = fields.get("machdep.cpu.brand_string", "")
    return Processor(
        architecture=architecture.lower(),
        identity=(brand,) if brand else (),
        instructions=frozenset(flag.replace(".", "_") for flag in listed.split()),
    )


def this_processor() -> Processor:
    """Return the processor of this machine."""
    architecture = platform.machine()
    if CPUINFO.exists():
        with CPUINFO.open(encoding="utf-8", errors="replace") as stream:
            return parse_cpuinfo(stream.read(_FIRST_PROCESSOR_BYTES), architecture)
    try:
        listing = subprocess.run(
            ["sysctl", "machdep.cpu"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        listing = ""  # neither Linux nor macOS: the architecture alone has to do
    return parse_sysctl(listing, architecture)
