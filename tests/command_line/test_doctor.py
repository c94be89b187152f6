"""Verdicts of the checks that judge given facts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from command_line.doctor.check import Verdict
from command_line.doctor.llama import LlamaBuild, check_llama
from command_line.doctor.machine import (
    check_folders,
    check_processor,
    check_runtime_directory,
    check_sandbox,
    processor_flags,
)

SAPPHIRE = frozenset({"avx2", "avx512f", "amx_tile"})
PLAIN = frozenset({"avx2"})
WITH_AVX2 = LlamaBuild("0.3.36", "CPU : SSE3 = 1 | AVX2 = 1 | REPACK = 1 | ")
WITH_AMX = LlamaBuild("0.3.36", "CPU : AVX2 = 1 | AMX_INT8 = 1 | ")
WITHOUT = LlamaBuild("0.3.36", "CPU : SSE3 = 1 | ")


@pytest.mark.parametrize(
    ("answer", "flags", "verdict", "says"),
    [
        (WITH_AVX2, PLAIN, Verdict.OK, "built for this processor"),
        (WITH_AVX2, SAPPHIRE, Verdict.OK, "without AMX on purpose"),
        (WITH_AMX, SAPPHIRE, Verdict.WARN, "AMX"),
        (WITHOUT, PLAIN, Verdict.WARN, "without AVX2"),
        (WITHOUT, frozenset[str](), Verdict.OK, "0.3.36"),
        ("No module named 'llama_cpp'", PLAIN, Verdict.FAIL, "No module"),
    ],
)
def test_llama(
    answer: LlamaBuild | str, flags: frozenset[str], verdict: Verdict, says: str
) -> None:
    check = check_llama(answer, flags)
    assert check.verdict is verdict
    assert says in check.text
    assert bool(check.advice) is (verdict is not Verdict.OK)


@pytest.mark.parametrize(
    ("machine", "flags", "verdict"),
    [
        ("x86_64", PLAIN, Verdict.OK),
        ("x86_64", frozenset({"sse4_2"}), Verdict.WARN),
        ("arm64", frozenset[str](), Verdict.OK),
    ],
)
def test_processor(machine: str, flags: frozenset[str], verdict: Verdict) -> None:
    assert check_processor(machine, flags).verdict is verdict


def test_flags_of_the_first_processor() -> None:
    text = "processor\t: 0\nflags\t\t: fpu avx2\n\nprocessor\t: 1\nflags\t\t: fpu\n"
    assert processor_flags(text) == {"fpu", "avx2"}
    assert processor_flags("") == frozenset()


@pytest.mark.parametrize(
    ("mode", "verdict"), [(None, Verdict.OK), (0o700, Verdict.OK), (0o755, Verdict.WARN)]
)
def test_socket_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None, verdict: Verdict
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    if mode is not None:
        (tmp_path / "limpet").mkdir()
        (tmp_path / "limpet").chmod(mode)
    assert check_runtime_directory().verdict is verdict


def test_a_socket_folder_that_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "limpet").symlink_to(tmp_path)
    assert check_runtime_directory().verdict is Verdict.FAIL


def test_folders_that_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "not" / "yet"))
    assert [check.verdict for check in check_folders()] == [Verdict.OK] * 3


SANDBOXES = {
    "": ("warn", "no bubblewrap"),
    "exit 0": ("ok", "works"),
    "echo 'no permissions' >&2; exit 1": ("warn", "no permissions"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="there is a sandbox on Linux only")
@pytest.mark.parametrize("program", SANDBOXES)
def test_sandbox(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if program:
        place = tmp_path / "bwrap"
        place.write_text(f"#!/bin/sh\n{program}\n", "ascii")
        place.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    verdict, text = SANDBOXES[program]
    check = check_sandbox()
    assert (check.verdict.value, text in check.text) == (verdict, True), check
    assert bool(check.advice) == (verdict != "ok")
