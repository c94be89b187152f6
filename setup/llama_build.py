"""Which build of llama-cpp-python is right for a CPU: its CMake arguments and its name."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from setup.processor import Processor

LLAMA_ONLY = Path(__file__).resolve().parent / "llama_only.cmake"

# Neither the multimodal library nor anything but the inference library is used. The install
# directories keep a second copy of every library out of the environment's own lib/.
_ONLY_WHAT_IS_USED = (
    "-DLLAVA_BUILD=OFF",
    "-DCMAKE_INSTALL_LIBDIR=llama_cpp/lib",
    "-DCMAKE_INSTALL_INCLUDEDIR=llama_cpp/include",
    "-DCMAKE_INSTALL_BINDIR=llama_cpp/bin",
)

_X86_OPTIONS: tuple[tuple[str, frozenset[str]], ...] = (
    ("GGML_SSE42", frozenset({"sse4_2"})),
    ("GGML_AVX", frozenset({"avx"})),
    ("GGML_F16C", frozenset({"f16c"})),
    ("GGML_FMA", frozenset({"fma"})),
    ("GGML_BMI2", frozenset({"bmi2"})),
    ("GGML_AVX2", frozenset({"avx2"})),
    ("GGML_AVX_VNNI", frozenset({"avx_vnni"})),
    ("GGML_AVX512", frozenset({"avx512f", "avx512cd", "avx512vl", "avx512dq", "avx512bw"})),
    ("GGML_AVX512_VBMI", frozenset({"avx512vbmi"})),
    ("GGML_AVX512_VNNI", frozenset({"avx512_vnni"})),
    ("GGML_AVX512_BF16", frozenset({"avx512_bf16"})),
)
_AMX_OPTIONS = ("GGML_AMX_TILE", "GGML_AMX_INT8", "GGML_AMX_BF16")


@dataclass(frozen=True)
class LlamaBuild:
    """One build: the release, what CMake is told, and the key that its wheel is kept under."""

    version: str
    cmake_arguments: tuple[str, ...]
    key: str

    def cmake_environment(self) -> dict[str, str]:
        """Return the variable that hands the arguments to the build."""
        # The name of the variable says when CMake reads the file: right after project(llama.cpp).
        hook = f"-DCMAKE_PROJECT_llama.cpp_INCLUDE={LLAMA_ONLY}"
        return {"CMAKE_ARGS": shlex.join([hook, *self.cmake_arguments])}


def cpu_arguments(processor: Processor) -> tuple[str, ...]:
    """Return the CMake arguments that fit the instructions of a CPU."""
    if not (processor.is_x86 and processor.has_amx):
        return ("-DGGML_NATIVE=ON",)
    # With AMX, -march=native compiles matrix kernels that crash in the first prompt when gcc
    # optimises their tile configuration away (https://github.com/ggml-org/llama.cpp/issues/20824).
    # All else that the CPU has is named one by one.
    chosen = [
        f"-D{option}={'ON' if needed <= processor.instructions else 'OFF'}"
        for option, needed in _X86_OPTIONS
    ]
    without_amx = [f"-D{option}=OFF" for option in _AMX_OPTIONS]
    return ("-DGGML_NATIVE=OFF", *chosen, *without_amx)


def choose_build(
    version: str, processor: Processor, system: str, environment: Mapping[str, str]
) -> LlamaBuild:
    """Return the build for a CPU; the user's own CMAKE_ARGS come last and so win."""
    arguments = (
        *_ONLY_WHAT_IS_USED,
        *cpu_arguments(processor),
        *shlex.split(environment.get("CMAKE_ARGS", "")),
    )
    facts = {
        "arguments": arguments,
        "compiler": [environment.get(name, "") for name in ("CC", "CXX", "CFLAGS", "CXXFLAGS")],
        "hook": LLAMA_ONLY.read_text(encoding="utf-8"),
        "identity": processor.identity,
        "instructions": sorted(processor.instructions),
    }
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    key = f"llama_cpp_python-{version}-{system}-{processor.architecture}-{digest[:16]}"
    return LlamaBuild(version=version, cmake_arguments=arguments, key=key)
