"""Waits until a sandbox's namespace of processes is empty: bubblewrap ends a little earlier."""

from __future__ import annotations

import asyncio
import json
import os

# The kernel ends what is left at once; more time passes only where it hangs in a system call.
_SECONDS = 5.0
_MOST_BYTES = 4096


async def namespace_ended(information: int) -> None:
    """Wait for the end of the first process in the namespace, which is the last one to go.

    `information` is the reading end of the pipe that bubblewrap writes its `--info-fd` to.
    """
    pid = _first_process(information)
    if pid is None:  # bubblewrap was ended before it began anything
        return
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    is_over = asyncio.Event()
    loop.add_reader(descriptor, is_over.set)
    try:
        async with asyncio.timeout(_SECONDS):
            await is_over.wait()
    except TimeoutError:
        return
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def _first_process(information: int) -> int | None:
    try:
        return int(json.loads(os.read(information, _MOST_BYTES))["child-pid"])
    except (BlockingIOError, ValueError, KeyError, TypeError):
        return None
