"""Nothing gets out of the sandbox: each known way is tried, and nothing happens."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.sandbox.limits import Bound, Limits
from engine.sandbox.sandbox import Sandbox, SandboxResult
from tests.engine.sandbox.host import SECRET, Host, machine
from tests.engine.sandbox.needs_sandbox import needs_sandbox

MARK = "limpet-escape-under-test"
HEAD = """
import contextlib, ctypes, errno, fcntl, os, resource, shutil, signal, socket, stat, sys, tempfile
import termios, time
libc = ctypes.CDLL(None, use_errno=True)
"""
TAIL = """
try:
    got = attempt()
except (OSError, MemoryError, ValueError) as problem:
    got = None
print("escaped" if got else "held", flush=True)
os._exit(0)
"""


class Escape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way out; see the data file."""

    code: str
    control: bool = False
    bound: str = ""
    status: tuple[int, ...] = (0,)
    processor_seconds: int = 10
    wall_seconds: float = 3.0


ESCAPES = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "escapes.toml").read_text("utf-8")), dict[str, Escape]
)
CONTROLS = [name for name, escape in ESCAPES.items() if escape.control]


def program(escape: Escape, host: Host) -> list[str]:
    body = textwrap.indent(escape.code.strip(), "    ")
    text = f"{HEAD}{host.prelude()}def attempt():\n{body}\n{TAIL}"
    return [sys.executable, "-I", "-c", text, MARK]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with machine(tmp_path_factory.mktemp("host")) as things:
        yield things


def test_there_are_thirty() -> None:
    assert len(ESCAPES) >= 30


@needs_sandbox
@pytest.mark.parametrize("name", ESCAPES)
def test_nothing_gets_out(host: Host, name: str) -> None:
    escape = ESCAPES[name]
    limits = Limits(wall_seconds=escape.wall_seconds, processor_seconds=escape.processor_seconds)
    result = asyncio.run(Sandbox().run(program(escape, host), {"data.txt": b"data"}, limits))

    assert b"escaped" not in result.stdout, result
    if escape.bound:
        assert result.bound is Bound(escape.bound), result
        assert len(result.stdout) <= limits.output_bytes
        assert len(result.stderr) <= limits.output_bytes
    else:
        assert result.bound is None, result
        assert result.exit_status in escape.status, result
        if escape.status == (0,):
            assert result.stdout == b"held\n", result
    nothing_happened(host, result)


def nothing_happened(host: Host, result: SandboxResult) -> None:
    assert SECRET.encode() not in result.stdout + result.stderr
    assert host.secret.read_text("ascii") == SECRET
    assert host.victim.poll() is None
    assert host.accepted() == 0
    assert sorted(each.name for each in host.secret.parent.iterdir()) == ["secret.txt", "socket"]
    assert not list(Path(tempfile.gettempdir()).glob("limpet-box-*/**/limpet-was-here"))
    assert processes_with(MARK) == []


def processes_with(mark: str) -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile
            continue
        if mark.encode() in words:
            found.append(place.parent.name)
    return found


@pytest.mark.parametrize("name", CONTROLS)
def test_the_attempt_would_work_outside(host: Host, name: str) -> None:
    result = subprocess.run(
        program(ESCAPES[name], host),
        capture_output=True,
        timeout=20,
        check=False,
        close_fds=False,
        stdin=subprocess.DEVNULL,
    )
    host.accepted()
    assert result.stdout == b"escaped\n", result
