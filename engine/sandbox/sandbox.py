"""Runs a program in the sandbox and brings back what it said; ends everything it started."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from engine.errors import SandboxUnavailable
from engine.sandbox.box import packed
from engine.sandbox.bubblewrap import arguments
from engine.sandbox.limits import Bound, Limits
from engine.sandbox.namespace_end import namespace_ended
from engine.sandbox.output import BoundedOutput
from engine.sandbox.system_calls import filter_for

_PROGRAM = "bwrap"
_SIGNALLED = 128  # a shell's way to say which signal ended a program
_BOUNDS = {
    _SIGNALLED + signal.SIGXCPU: Bound.PROCESSOR_TIME,
    _SIGNALLED + signal.SIGXFSZ: Bound.FILE_SIZE,
}
_TRIAL = "print('inside')"
_INSTALL = "Install bubblewrap (`apt-get install bubblewrap`, `dnf install bubblewrap`)."
_ALLOW = (
    "Allow user namespaces (`sysctl kernel.unprivileged_userns_clone=1`, on Ubuntu also "
    "`kernel.apparmor_restrict_unprivileged_userns=0`; in a container start it with "
    "`--security-opt seccomp=unconfined`), or go without what needs the sandbox."
)


class SandboxResult(msgspec.Struct, frozen=True):
    """What a program left: its exit status (128 and a signal's number where one ended it), what
    it wrote, and the bound that ended it, None where it ended by itself.
    """

    exit_status: int
    stdout: bytes
    stderr: bytes
    bound: Bound | None

    @property
    def is_timed_out(self) -> bool:
        """Whether it ran longer than it may."""
        return self.bound in {Bound.WALL_TIME, Bound.PROCESSOR_TIME}


class Sandbox:
    """Runs programs in bubblewrap. There is no way to run one without it."""

    def __init__(self, program: str = _PROGRAM) -> None:
        self._program = program

    async def run(
        self,
        command: Sequence[str],
        files: Mapping[str, bytes],
        limits: Limits | None = None,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> SandboxResult:
        """Run a command in a folder that holds a read-only copy of `files`.

        Cancelling it ends the program and everything that it started. Raises SandboxUnavailable,
        and InvalidInput for files that cannot be there.
        """
        limits = limits or Limits()
        program = self._found()
        with packed(files) as box, _filter() as descriptor, _pipe() as (reading, writing):
            words = arguments(
                program,
                command,
                box,
                limits,
                environment=environment or {},
                filter_descriptor=descriptor,
                information_descriptor=writing,
            )
            passed = (writing,) if descriptor is None else (writing, descriptor)
            try:
                process = await _started(words, passed)
                try:
                    return await _watched(process, limits)
                finally:
                    await _ended(process)
            finally:
                await namespace_ended(reading)

    async def unavailable_reason(self) -> SandboxUnavailable | None:
        """Try a program that does nothing; return what is in the way, None if nothing is."""
        try:
            result = await self.run([sys.executable, "-I", "-S", "-c", _TRIAL], {})
        except SandboxUnavailable as problem:
            return problem
        if result.stdout.strip() == b"inside":
            return None
        said = result.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else f"it ended with status {result.exit_status}"
        return SandboxUnavailable(f"The sandbox does not work here: {reason}.", advice=_ALLOW)

    def _found(self) -> str:
        program = shutil.which(self._program) if sys.platform == "linux" else None
        if program is None:
            raise SandboxUnavailable(
                "There is no sandbox on this machine: bubblewrap is not installed."
                if sys.platform == "linux"
                else "There is no sandbox for this system; it needs Linux and bubblewrap.",
                advice=_INSTALL if sys.platform == "linux" else "",
            )
        return program


async def sandbox_available() -> str | None:
    """Return why programs cannot be run in a sandbox here, None if they can."""
    problem = await Sandbox().unavailable_reason()
    return None if problem is None else f"{problem.message} {problem.advice}".strip()


async def _started(words: Sequence[str], descriptors: Sequence[int]) -> asyncio.subprocess.Process:
    """Start bubblewrap; whoever is cancelled meanwhile still ends all of it."""
    starting = asyncio.create_task(
        asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={},
            start_new_session=True,
            pass_fds=descriptors,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _ended(await starting)
        raise


async def _watched(process: asyncio.subprocess.Process, limits: Limits) -> SandboxResult:
    """Wait for the program's end, or end it at the first bound that it reaches."""
    output = BoundedOutput(process, limits.output_bytes)
    bound: Bound | None = None
    try:
        async with asyncio.timeout(limits.wall_seconds):
            is_complete = await output.read()
            if not is_complete:
                bound = Bound.OUTPUT
                await _ended(process)
            status = await process.wait()
    except TimeoutError:
        bound = Bound.WALL_TIME
        await _ended(process)
        status = process.returncode if process.returncode is not None else -signal.SIGKILL
    if status < 0:
        status = _SIGNALLED - status
    return SandboxResult(status, output.stdout, output.stderr, bound or _BOUNDS.get(status))


async def _ended(process: asyncio.subprocess.Process) -> None:
    """End bubblewrap; the kernel ends everything in its namespace of processes with it."""
    if process.returncode is None:
        _kill(process.pid)
    # What is left in the pipes is read as well, else they stay open; it is little by now.
    await process.communicate()


def _kill(pid: int) -> None:
    """End bubblewrap and the process it has made, which is the first one of the namespace.

    That one is in a session of its own, and asks to die with its parent only some moments after it
    was made: were bubblewrap ended before, it would stay. So bubblewrap is stopped first, and can
    make no other.
    """
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        for child in _children(pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        os.killpg(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """Give a pipe's two ends; reading from it never waits."""
    reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        yield reading, writing
    finally:
        os.close(reading)
        os.close(writing)


@contextmanager
def _filter() -> Iterator[int | None]:
    """Give a descriptor from which bubblewrap reads the filter of system calls."""
    content = filter_for(platform.machine())
    if content is None:
        yield None
        return
    descriptor = os.memfd_create("filter", 0)
    try:
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
