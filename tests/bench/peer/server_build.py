"""Builds the peer, llama-server, from the sources that llama-cpp-python brings, once."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from rpc.places import cache_directory
from setup.llama_build import cpu_arguments
from setup.processor import this_processor
from tests.bench.engine.figures import BenchFailure

_PACKAGE = "llama-cpp-python"
_INSIDE = "vendor/llama.cpp/"
# Only the server: no TLS, no web interface, no tests. The instructions are those of the wheel.
_SERVER_ONLY = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=OFF",
    "-DLLAMA_BUILD_COMMON=ON",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_BUILD_APP=OFF",
    "-DLLAMA_BUILD_TOOLS=ON",
    "-DLLAMA_BUILD_SERVER=ON",
    "-DLLAMA_BUILD_UI=OFF",
    "-DLLAMA_USE_PREBUILT_UI=OFF",
    "-DLLAMA_OPENSSL=OFF",
)
_LAST_LINES = 15


class PeerBuild(msgspec.Struct, frozen=True):
    """One build of the peer: the release, what CMake is told, and where it is kept."""

    version: str
    cmake_arguments: tuple[str, ...]
    folder: Path

    @property
    def program(self) -> Path:
        """The built program, there or not."""
        return self.folder / "llama-server"


def peer_build() -> PeerBuild:
    """Return the build that fits the installed llama-cpp-python and this processor."""
    version = importlib.metadata.version(_PACKAGE)
    processor = this_processor()
    arguments = (*cpu_arguments(processor), *_SERVER_ONLY)
    facts = [version, arguments, processor.identity, sorted(processor.instructions)]
    digest = hashlib.sha256(msgspec.json.encode(facts)).hexdigest()[:16]
    folder = cache_directory() / "bench" / f"llama-server-{version}-{digest}"
    return PeerBuild(version, arguments, folder)


def built_peer(say: Callable[[str], None]) -> PeerBuild:
    """Return the build after making sure that its program is there. Raises BenchFailure.

    An interrupted build goes on where it was.
    """
    build = peer_build()
    if build.program.is_file():
        return build
    for tool in ("cmake", "c++"):
        if shutil.which(tool) is None:
            raise BenchFailure(f"{tool} is needed to build llama-server, and is not on PATH")
    build.folder.mkdir(parents=True, exist_ok=True)
    source = build.folder / "source"
    if not source.is_dir():
        say("fetching the sources of llama-server")
        _fetch(build, source)
    say(f"compiling llama-server, once: log in {build.folder / 'build.log'}")
    _compile(build, source)
    return build


def _fetch(build: PeerBuild, source: Path) -> None:
    """Let pip find the source distribution by its own configuration; keep llama.cpp alone."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download")
    wanted = ("--no-deps", "--no-binary", _PACKAGE, f"{_PACKAGE}=={build.version}")
    _run([*pip, *wanted, "--dest", str(build.folder)], build)
    archive = next(build.folder.glob("llama_cpp_python-*.tar.gz"))
    partial = build.folder / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive) as archived:
        top = archived.getnames()[0].partition("/")[0]
        inside = f"{top}/{_INSIDE}"
        wanted_members = [each for each in archived if each.name.startswith(inside)]
        archived.extractall(partial, wanted_members, filter="data")
    (partial / inside).replace(source)
    shutil.rmtree(partial)
    archive.unlink()


def _compile(build: PeerBuild, source: Path) -> None:
    work = build.folder / "work"
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    gentle = ["nice", "-n", "19"] if shutil.which("nice") else []
    configure = ["cmake", "-S", str(source), "-B", str(work), *generator]
    _run([*configure, *build.cmake_arguments], build)
    jobs = str(os.cpu_count() or 1)
    _run([*gentle, "cmake", "--build", str(work), "-t", "llama-server", "-j", jobs], build)
    (work / "bin" / "llama-server").replace(build.program)
    shutil.rmtree(work)
    shutil.rmtree(source)


def _run(command: Sequence[str], build: PeerBuild) -> None:
    log = build.folder / "build.log"
    with log.open("ab") as stream:
        outcome = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, check=False
        )
    if outcome.returncode:
        said = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
        raise BenchFailure(
            f"{Path(command[0]).name} ended with status {outcome.returncode}; {log} ends with:\n"
            + "\n".join(said)
        )
