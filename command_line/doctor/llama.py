"""Checks llama.cpp in a process of its own: a broken build may crash when it is imported."""

from __future__ import annotations

import json
import subprocess
import sys

import msgspec

from command_line.doctor.check import Check, fail, ok, warn

_TIMEOUT_SECONDS = 60
_QUESTION = """
import json, llama_cpp
build = llama_cpp.llama_print_system_info().decode()
print(json.dumps({"version": llama_cpp.__version__, "build": build}))
"""
_BUILD_ANEW = "Run `make run` in Limpet's source folder: it builds llama.cpp for this processor."


class LlamaBuild(msgspec.Struct, frozen=True):
    """What llama.cpp says of itself; `build` lists its features as `NAME = 1 |`."""

    version: str
    build: str

    def has(self, feature: str) -> bool:
        """Return whether it was built with a feature of the processor."""
        return f" {feature} = 1 " in f" {self.build} "


def ask_llama() -> LlamaBuild | str:
    """Return the build, or why llama.cpp cannot be imported."""
    try:
        process = subprocess.run(
            [sys.executable, "-I", "-c", _QUESTION],
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"its import took more than {_TIMEOUT_SECONDS} s"
    if process.returncode < 0:
        return f"it crashed when imported (signal {-process.returncode})"
    if process.returncode:
        lines = process.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"its import ended with code {process.returncode}"
    return msgspec.convert(json.loads(process.stdout.splitlines()[-1]), LlamaBuild)


def check_llama(answer: LlamaBuild | str, flags: frozenset[str]) -> Check:
    """Judge the build by what the processor could do."""
    if isinstance(answer, str):
        return fail("llama.cpp", answer, _BUILD_ANEW)
    text = f"llama-cpp-python {answer.version}"
    if "avx2" in flags and not answer.has("AVX2"):
        return warn("llama.cpp", f"{text}, built without AVX2: slow here", _BUILD_ANEW)
    if answer.has("AMX_INT8"):
        return warn(
            "llama.cpp",
            f"{text}, built with AMX, which crashes with some compilers; if it does, the engine "
            "goes on with safe but slower settings",
            _BUILD_ANEW,
        )
    amx = ", without AMX on purpose (upstream issue 20824)" if "amx_tile" in flags else ""
    return ok("llama.cpp", f"{text}, built for this processor{amx}")
