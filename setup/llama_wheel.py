"""Builds the llama-cpp-python wheel for this CPU and keeps it in the user's cache."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from setup import environment
from setup.lane import Step
from setup.llama_build import LlamaBuild
from setup.places import Places

_NINJA = re.compile(r"\[(\d+)/(\d+)\]")
_MAKE = re.compile(r"^\s*\[\s*(\d+)%\]")
_STAGES = (
    ("Installing build dependencies", "fetching the build tools"),
    ("Configuring CMake", "configuring"),
    ("Installing project into wheel", "packing"),
)


def describe_compile(line: str) -> str | None:
    """Turn a line of the build's output into a stage or a percentage."""
    if match := _NINJA.search(line):
        done, total = int(match[1]), int(match[2])
        return f"compiling, {100 * done // max(total, 1)} %"
    if match := _MAKE.match(line):
        return f"compiling, {match[1]} %"
    return next((text for mark, text in _STAGES if mark in line), None)


def kept_wheel(places: Places, build: LlamaBuild) -> Path | None:
    """Return the wheel that an earlier run built, if there is one."""
    return next(iter(places.wheel_folder(build.key).glob("*.whl")), None)


def build_steps(places: Places, build: LlamaBuild) -> list[Step]:
    """Return the steps that build the wheel; an interrupted build goes on where it was."""
    work = places.wheel_folder(build.key) / "work"
    name = f"llama_cpp_python-{build.version}"
    archive = work / f"{name}.tar.gz"
    source = work / "source" / name
    steps: list[Step] = []
    pip = (str(places.python), "-m", "pip", "--disable-pip-version-check")
    download = (
        *pip,
        "download",
        "--no-deps",
        "--no-binary",
        environment.LLAMA,
        "--dest",
        str(work),
    )
    # Verbose: pip passes the compiler's progress on. The build folder of its own is what lets a
    # second run continue.
    build_wheel = (*pip, "wheel", "--verbose", "--no-deps", "--wheel-dir", str(work / "wheel"))
    work.mkdir(parents=True, exist_ok=True)
    if not source.exists():
        unpacked = work / "unpacked"
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir()
        if not archive.exists():
            steps.append(
                Step(
                    "fetching the source of llama.cpp",
                    (*download, f"{environment.LLAMA}=={build.version}"),
                    environment=build.cmake_environment(),
                )
            )
        steps += [
            Step("unpacking", ("tar", "-xzf", str(archive), "-C", str(unpacked))),
            Step("unpacking", call=lambda: _rename(unpacked, work / "source")),
        ]
    steps += [
        Step(
            "configuring",
            (*build_wheel, f"--config-settings=build-dir={work / 'build'}", str(source)),
            describe=describe_compile,
            environment=build.cmake_environment(),
        ),
        Step("keeping the wheel", call=lambda: _keep(work)),
    ]
    return steps


def _rename(source: Path, target: Path) -> None:
    source.replace(target)


def _keep(work: Path) -> None:
    wheel = next((work / "wheel").glob("*.whl"))
    wheel.replace(work.parent / wheel.name)
    shutil.rmtree(work)


@dataclass(frozen=True)
class InstalledLlama:
    """The llama-cpp-python in the virtual environment and the wheel it came from, if known."""

    wheel: Path | None

    @property
    def key(self) -> str | None:
        """The build it is, or None when it is none of ours but the user's own."""
        if self.wheel is None or not self.wheel.parent.name.startswith("llama_cpp_python-"):
            return None
        return self.wheel.parent.name


def installed_llama(folder: Path) -> InstalledLlama | None:
    """Return what is installed in a virtual environment; pip notes where it came from."""
    for metadata in folder.glob("lib/python*/site-packages/llama_cpp_python-*.dist-info"):
        try:
            origin = json.loads((metadata / "direct_url.json").read_text(encoding="utf-8"))["url"]
        except (OSError, ValueError, KeyError):
            return InstalledLlama(wheel=None)  # from an index, by hand
        return InstalledLlama(wheel=Path(unquote(urlsplit(origin).path)))
    return None
