"""Looks now and then whether clients can still find this engine, and mends what can be mended."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from engine.daemon.instance_lock import InstanceLock
from rpc.endpoint import Endpoint, read_endpoint, write_endpoint


@dataclass(frozen=True)
class SocketStamp:
    """Tells our socket from another one at its path."""

    path: Path
    device: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> SocketStamp:
        """Return the stamp of the socket at `path`."""
        status = path.lstat()
        return cls(path, status.st_dev, status.st_ino)

    def is_there(self) -> bool:
        """Return whether our socket is still at its path."""
        try:
            status = self.path.lstat()
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == (self.device, self.inode)


@dataclass(frozen=True)
class EndpointWatch:
    """What to look at: the lock, the socket (None with TCP) and the endpoint file."""

    lock: InstanceLock
    socket: SocketStamp | None
    endpoint: Endpoint
    endpoint_path: Path
    logger: logging.Logger

    async def run(self, seconds_between: float) -> str:
        """Watch until this engine cannot be reached by new clients any more; return why.

        An endpoint file that is missing or not ours is written again: the lock is ours, so the
        place is too. A lock or a socket that is lost cannot be had back, since another engine
        may have taken their names.
        """
        while True:
            await asyncio.sleep(seconds_between)
            if not self.lock.is_ours():
                return "lock_lost"
            if self.socket is not None and not self.socket.is_there():
                return "socket_lost"
            self._mend_endpoint()

    def _mend_endpoint(self) -> None:
        if read_endpoint(self.endpoint_path) == self.endpoint:
            return
        try:
            write_endpoint(self.endpoint, self.endpoint_path)
        except OSError as trouble:
            fields = {"error": os.strerror(trouble.errno or 0)}
            self.logger.warning("endpoint_not_rewritten", extra={"fields": fields})
        else:
            self.logger.warning("endpoint_rewritten")
