"""Keeps what a program writes, up to a bound."""

from __future__ import annotations

import asyncio

_CHUNK_BYTES = 64 * 1024


class BoundedOutput:
    """The two streams of a process, as far as they have been read."""

    def __init__(self, process: asyncio.subprocess.Process, most_bytes: int) -> None:
        self._process = process
        self._most_bytes = most_bytes
        self._kept = {1: bytearray(), 2: bytearray()}

    @property
    def stdout(self) -> bytes:
        """What it wrote to standard output."""
        return bytes(self._kept[1])

    @property
    def stderr(self) -> bytes:
        """What it wrote to standard error."""
        return bytes(self._kept[2])

    async def read(self) -> bool:
        """Read both streams to their ends; return False as soon as one is over the bound."""
        readers = [
            asyncio.create_task(self._read(1, self._process.stdout)),
            asyncio.create_task(self._read(2, self._process.stderr)),
        ]
        try:
            for reader in asyncio.as_completed(readers):
                if not await reader:
                    return False
        finally:
            for task in readers:
                task.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
        return True

    async def _read(self, number: int, stream: asyncio.StreamReader | None) -> bool:
        kept = self._kept[number]
        while stream is not None and (chunk := await stream.read(_CHUNK_BYTES)):
            room = self._most_bytes - len(kept)
            kept += chunk[:room]
            if len(chunk) > room:
                return False
        return True
