"""Runs a small Python program in the sandbox."""

from __future__ import annotations

import sys

from engine.sandbox.limits import Limits
from engine.sandbox.sandbox import Sandbox

_NAME = "program.py"


async def runs(sandbox: Sandbox, program: str) -> bool:
    """Return whether a program ends without an error. Raises SandboxUnavailable."""
    result = await sandbox.run([sys.executable, _NAME], {_NAME: program.encode()}, Limits())
    return result.exit_status == 0
