"""What a program in the sandbox gets and leaves, and how it ends."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest

from engine.errors import InvalidInput, SandboxUnavailable
from engine.sandbox.limits import Bound, Limits
from engine.sandbox.sandbox import Sandbox, SandboxResult
from engine.sandbox.system_calls import filter_for
from tests.end_to_end.limpet_home import until
from tests.engine.sandbox.needs_sandbox import needs_sandbox


class Run(msgspec.Struct, frozen=True):
    """A program in Python and what it leaves."""

    code: str
    stdout: bytes = b""
    exit_status: int = 0
    bound: Bound | None = None


FILES = {"src/app.py": b"VALUE = 7\n", "odd \xe9.bin": b"\x00\xff", "empty/deep/one.txt": b""}
RUNS = {
    "the project's files are there": Run(
        "import pathlib; print(sorted(str(p) for p in pathlib.Path().rglob('*') if p.is_file()))",
        f"{sorted(FILES)!r}\n".encode(),
    ),
    "they are what they were": Run(
        "import sys; sys.stdout.buffer.write(open('odd \\xe9.bin', 'rb').read())", b"\x00\xff"
    ),
    "the project can be imported": Run(
        "import sys; sys.path.insert(0, 'src'); import app; print(app.VALUE)", b"7\n"
    ),
    "packages of this environment are there": Run(
        "import msgspec, os; print(msgspec.json.encode([1]))", b"b'[1]'\n"
    ),
    "the temporary folder can be written to": Run(
        "import tempfile; f = tempfile.TemporaryFile(); print(f.write(b'x'))", b"1\n"
    ),
    "a subprocess can be started": Run(
        "import subprocess; print(subprocess.check_output(['echo', 'hi']))", b"b'hi\\n'\n"
    ),
    "threads can be started": Run(
        "import threading; t = threading.Thread(target=print, args=(1,)); t.start(); t.join()",
        b"1\n",
    ),
    "the exit status comes back": Run("raise SystemExit(9)", exit_status=9),
    "so does a signal": Run("import os; os.abort()", exit_status=134),
    "output before a bound is kept": Run(
        "print('first', flush=True)\nwhile True: pass", b"first\n", 137, Bound.WALL_TIME
    ),
}


def run(code: str, limits: Limits | None = None) -> SandboxResult:
    command = [sys.executable, "-c", code]
    return asyncio.run(Sandbox().run(command, FILES, limits or Limits(wall_seconds=3.0)))


@needs_sandbox
@pytest.mark.parametrize("case", RUNS.values(), ids=RUNS)
def test_a_program_runs(case: Run) -> None:
    result = run(case.code)
    assert (result.stdout, result.exit_status, result.bound) == (
        case.stdout,
        case.exit_status,
        case.bound,
    ), result


@needs_sandbox
def test_a_program_that_is_not_there_is_told() -> None:
    result = asyncio.run(Sandbox().run(["no-such-program"], {}))
    assert result.exit_status == 127
    assert b"no-such-program" in result.stderr


@needs_sandbox
@pytest.mark.parametrize("processes", [1, 2, 3, 5])
def test_cancelling_ends_everything(processes: int) -> None:
    """Also in the first moments, when there are one or two processes and nothing runs yet."""
    mark = f"limpet-cancelled-run-{processes}"

    async def cancel() -> None:
        code = "import os, signal\nos.fork()\nos.fork()\nsignal.pause()"
        command = [sys.executable, "-c", code, mark]
        task = asyncio.create_task(Sandbox().run(command, {}, Limits(wall_seconds=60.0)))
        await asyncio.to_thread(until, lambda: count(mark) >= processes, "it runs")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(until, lambda: not count(mark), "it has ended")

    before = boxes()
    asyncio.run(cancel())
    assert boxes() <= before


def count(mark: str) -> int:
    found = 0
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += mark.encode() in place.read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile
            continue
    return found


def boxes() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("limpet-box-*"))


def test_without_bubblewrap_nothing_runs() -> None:
    sandbox = Sandbox("no-such-bubblewrap")
    with pytest.raises(SandboxUnavailable) as caught:
        asyncio.run(sandbox.run([sys.executable, "-c", "print(1)"], {}))
    assert "bubblewrap" in caught.value.advice
    assert asyncio.run(sandbox.unavailable_reason()) is not None


def test_a_bubblewrap_that_may_not_work_is_told(tmp_path: Path) -> None:
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n", "ascii")
    refusing.chmod(0o755)
    reason = asyncio.run(Sandbox(str(refusing)).unavailable_reason())
    assert reason is not None
    assert "No permissions" in reason.message
    assert "unprivileged_userns_clone" in reason.advice


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a/../../b", "", "nul\0"])
def test_paths_outside_of_the_project_are_refused(path: str) -> None:
    with pytest.raises(InvalidInput):
        asyncio.run(Sandbox("true").run(["true"], {path: b""}))


def test_the_filter_is_known_where_we_know_the_numbers() -> None:
    programs = {name: filter_for(name) for name in ("x86_64", "aarch64", "riscv64")}
    assert programs["riscv64"] is None
    for name in ("x86_64", "aarch64"):
        program = programs[name]
        assert program is not None
        assert len(program) % 8 == 0
        assert len(program) // 8 < 4096  # the kernel's limit
