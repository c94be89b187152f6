"""Opens the engine's door: binds its address and writes down where it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine.daemon.endpoint_watch import SocketStamp
from engine.daemon.loopback import LoopbackAddress, make_identity
from engine.daemon.unix_socket import clear_stale_socket, socket_path
from engine.service.server import EngineServer


@dataclass(frozen=True)
class Door:
    """A bound address as clients name it, with the certificate to pin, or the socket's stamp."""

    address: str
    certificate: str = ""
    socket: SocketStamp | None = None


def open_door(server: EngineServer, runtime: Path, listen: LoopbackAddress | None) -> Door:
    """Bind the Unix socket, or the loopback address where one is asked for.

    Call it with the instance lock held. Raises EngineAlreadyRunning, UnsafeEndpoint, OSError.
    """
    if listen is not None:
        identity = make_identity(listen.host)
        port = server.bind_loopback(
            listen.host, listen.port, identity.private_key, identity.certificate
        )
        return Door(listen.target(port), identity.certificate.decode())
    path = socket_path(runtime)
    clear_stale_socket(path)
    before = os.umask(0o177)  # the socket is closed to others from its first moment
    try:
        server.bind_unix(path)
    finally:
        os.umask(before)
    path.chmod(0o600)
    return Door(f"unix:{path}", socket=SocketStamp.of(path))
