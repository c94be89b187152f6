"""Runs programs without a sandbox, in a copy of the project: only where the user typed so."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress

from engine.errors import SandboxUnavailable
from engine.sandbox.box import packed
from engine.sandbox.limits import Bound, Limits
from engine.sandbox.output import BoundedOutput
from engine.sandbox.sandbox import SandboxResult

_KILLED = 128 + signal.SIGKILL


class OpenRunner:
    """Time and output are bounded as in the sandbox; nothing else is."""

    async def run(
        self,
        command: Sequence[str],
        files: Mapping[str, bytes],
        limits: Limits | None = None,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> SandboxResult:
        """Run a command in a folder that holds a copy of the files; it ends with the call."""
        limits = limits or Limits()
        own = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", **(environment or {})}
        with packed(files) as box:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=box.project,
                env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(box.project), **own},
                start_new_session=True,
            )
            output = BoundedOutput(process, limits.output_bytes)
            bound: Bound | None = None
            try:
                async with asyncio.timeout(limits.wall_seconds):
                    bound = None if await output.read() else Bound.OUTPUT
                    if bound is None:
                        await process.wait()
            except TimeoutError:
                bound = Bound.WALL_TIME
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.communicate()
        status = _KILLED if bound else process.returncode or 0
        return SandboxResult(status, output.stdout, output.stderr, bound)

    async def unavailable_reason(self) -> SandboxUnavailable | None:
        """Return None: there is nothing that could be missing."""
        return None
