"""Building the wheel: its progress, its resumption, and whose wheel is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup.llama_build import LlamaBuild
from setup.llama_wheel import build_steps, describe_compile, kept_wheel
from setup.places import Places

BUILD = LlamaBuild(version="0.3.36", cmake_arguments=("-DA=B",), key="llama_cpp_python-0.3.36-k")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "checkout", tmp_path / "cache", tmp_path / "data")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  [39/78] /usr/bin/g++ -o x", "compiling, 50 %"),
        ("  [78/78] Linking", "compiling, 100 %"),
        ("[0/0] nothing", "compiling, 0 %"),
        ("[ 12%] Building CXX object", "compiling, 12 %"),
        ("  *** Configuring CMake...", "configuring"),
        ("  -- Installing: /tmp/x", None),
        ("In file included from a[3]:", None),
    ],
)
def test_a_line_of_the_build_becomes_a_percentage(line: str, shown: str | None) -> None:
    assert describe_compile(line) == shown


def labels(places: Places) -> list[str]:
    return [step.label for step in build_steps(places, BUILD)]


def test_a_first_build_has_every_step(places: Places) -> None:
    assert labels(places) == [
        "fetching the source of llama.cpp",
        "unpacking",
        "unpacking",
        "configuring",
        "keeping the wheel",
    ]


def test_an_interrupted_build_repeats_only_what_is_missing(places: Places) -> None:
    work = places.wheel_folder(BUILD.key) / "work"
    (work / "unpacked" / "half").mkdir(parents=True)
    (work / "llama_cpp_python-0.3.36.tar.gz").touch()
    assert labels(places)[0] == "unpacking"
    assert not (work / "unpacked" / "half").exists()
    (work / "source" / "llama_cpp_python-0.3.36").mkdir(parents=True)
    assert labels(places) == ["configuring", "keeping the wheel"]


def test_the_build_gets_the_arguments_and_a_folder_that_lasts(places: Places) -> None:
    (step,) = (step for step in build_steps(places, BUILD) if step.label == "configuring")
    assert step.environment is not None
    assert step.environment["CMAKE_ARGS"].endswith("-DA=B")
    folder = places.wheel_folder(BUILD.key) / "work" / "build"
    assert f"--config-settings=build-dir={folder}" in step.command


def test_a_finished_wheel_is_kept_and_its_workplace_cleared(places: Places) -> None:
    assert kept_wheel(places, BUILD) is None
    *_, last = build_steps(places, BUILD)
    made = places.wheel_folder(BUILD.key) / "work" / "wheel" / "llama.whl"
    made.parent.mkdir(parents=True)
    made.write_bytes(b"wheel")
    assert last.call is not None
    last.call()
    kept = kept_wheel(places, BUILD)
    assert kept is not None
    assert kept.read_bytes() == b"wheel"
    assert [path.name for path in kept.parent.iterdir()] == ["llama.whl"]
