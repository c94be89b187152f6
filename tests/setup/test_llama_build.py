"""The build of llama-cpp-python follows the CPU, and its key keeps builds apart."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from setup.llama_build import LLAMA_ONLY, LlamaBuild, choose_build
from setup.processor import Processor, parse_cpuinfo, parse_sysctl

CPUINFO = Path(__file__).parent / "cpuinfo"


@dataclass(frozen=True)
class Case:
    cpu: str
    architecture: str
    switched_on: str
    switched_off: str = ""


CASES = [
    Case("epyc_genoa", "x86_64", "NATIVE"),
    Case("old_core2", "x86_64", "NATIVE"),
    Case("raspberry_pi5", "aarch64", "NATIVE"),
    Case(
        "sapphire_rapids",
        "x86_64",
        "SSE42 AVX F16C FMA BMI2 AVX2 AVX_VNNI AVX512 AVX512_VBMI AVX512_VNNI AVX512_BF16",
        "NATIVE AMX_TILE AMX_INT8 AMX_BF16",
    ),
    Case(
        "amx_without_avx512",
        "x86_64",
        "SSE42 AVX F16C FMA BMI2 AVX2 AVX_VNNI",
        "NATIVE AVX512 AVX512_VBMI AVX512_VNNI AVX512_BF16 AMX_TILE AMX_INT8 AMX_BF16",
    ),
]


def processor(name: str, architecture: str = "x86_64") -> Processor:
    return parse_cpuinfo((CPUINFO / f"{name}.txt").read_text(encoding="utf-8"), architecture)


def build(cpu: Processor, environment: dict[str, str] | None = None) -> LlamaBuild:
    return choose_build("0.3.36", cpu, "linux", environment or {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.cpu)
def test_instructions_are_chosen_for_the_cpu(case: Case) -> None:
    arguments = build(processor(case.cpu, case.architecture)).cmake_arguments
    ggml = {argument for argument in arguments if argument.startswith("-DGGML_")}
    wanted = {f"-DGGML_{name}=ON" for name in case.switched_on.split()}
    unwanted = {f"-DGGML_{name}=OFF" for name in case.switched_off.split()}
    assert ggml == wanted | unwanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.cpu)
def test_every_cpu_has_a_key_of_its_own(case: Case) -> None:
    key = build(processor(case.cpu, case.architecture)).key
    others = {
        build(processor(other.cpu, other.architecture)).key for other in CASES if other != case
    }
    assert key not in others
    assert key == build(processor(case.cpu, case.architecture)).key


def test_one_instruction_less_is_another_key() -> None:
    text = (CPUINFO / "epyc_genoa.txt").read_text(encoding="utf-8")
    less = parse_cpuinfo(text.replace(" avx512_vnni", ""), "x86_64")
    assert build(less).key != build(processor("epyc_genoa")).key


def test_a_kernel_update_keeps_the_key() -> None:
    text = (CPUINFO / "epyc_genoa.txt").read_text(encoding="utf-8")
    updated = parse_cpuinfo(text.replace("fsrm", "fsrm ibrs stibp overflow_recov"), "x86_64")
    assert build(updated).key == build(processor("epyc_genoa")).key


@pytest.mark.parametrize(
    "environment",
    [{"CMAKE_ARGS": "-DGGML_CUDA=on"}, {"CC": "clang"}, {"CXXFLAGS": "-O1"}],
    ids=lambda environment: next(iter(environment)),
)
def test_what_the_user_asks_for_is_part_of_the_key(environment: dict[str, str]) -> None:
    cpu = processor("epyc_genoa")
    assert build(cpu, environment).key != build(cpu).key


def test_arguments_of_the_user_come_last_and_so_win() -> None:
    chosen = build(processor("epyc_genoa"), {"CMAKE_ARGS": '-DGGML_NATIVE=OFF "-DX=a b"'})
    assert chosen.cmake_arguments[-2:] == ("-DGGML_NATIVE=OFF", "-DX=a b")
    handed_over = shlex.split(chosen.cmake_environment()["CMAKE_ARGS"])
    assert handed_over[-2:] == ["-DGGML_NATIVE=OFF", "-DX=a b"]


def test_versions_and_systems_are_kept_apart() -> None:
    cpu = processor("epyc_genoa")
    keys = {
        choose_build(version, cpu, system, {}).key
        for version in ("0.3.36", "0.3.37")
        for system in ("linuxglibc2.36", "darwin")
    }
    assert len(keys) == 4


def test_the_hook_that_leaves_out_the_tools_exists_and_is_handed_over() -> None:
    arguments = shlex.split(build(processor("epyc_genoa")).cmake_environment()["CMAKE_ARGS"])
    assert f"-DCMAKE_PROJECT_llama.cpp_INCLUDE={LLAMA_ONLY}" in arguments
    assert LLAMA_ONLY.is_file()
    assert "-DLLAVA_BUILD=OFF" in arguments


def test_only_the_first_processor_is_read() -> None:
    assert processor("sapphire_rapids").identity == ("GenuineIntel", "6", "143")
    assert processor("raspberry_pi5", "aarch64").identity == ("0x41", "0xd0b", "0x4")


def test_a_mac_is_known_by_its_name() -> None:
    mac = parse_sysctl("machdep.cpu.brand_string: Apple M2\n", "arm64")
    other = parse_sysctl("machdep.cpu.brand_string: Apple M4\n", "arm64")
    assert mac.identity == ("Apple M2",)
    assert build(mac).key != build(other).key
    assert "-DGGML_NATIVE=ON" in build(mac).cmake_arguments


def test_a_machine_that_tells_nothing_still_gets_a_build() -> None:
    unknown = parse_cpuinfo("", "riscv64")
    assert "-DGGML_NATIVE=ON" in build(unknown).cmake_arguments
