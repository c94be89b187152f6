"""Ends what a session has under way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable


async def end_all(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they have ended."""
    ending = tuple(tasks)
    for task in ending:
        task.cancel()
    if ending:
        await asyncio.wait(ending)
