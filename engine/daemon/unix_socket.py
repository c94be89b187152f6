"""Where the engine's Unix socket goes, and whether its path is free."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import stat
import sys
import tempfile
from pathlib import Path

from engine.errors import EngineAlreadyRunning, UnsafeEndpoint
from rpc.endpoint import ensure_private_directory

SOCKET_NAME = "engine.sock"
# What `sockaddr_un` holds, its closing zero left out.
_LONGEST_PATH_BYTES = 103 if sys.platform == "darwin" else 107
# gRPC reads the path as part of a URI, and its Java and C++ sides differ on how to quote.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
_CONNECT_SECONDS = 1.0


def socket_path(runtime: Path) -> Path:
    """Return the socket's path: in the runtime directory, or where its name would not do, in a
    private one with a short name. Raises UnsafeDirectory, OSError.
    """
    path = runtime / SOCKET_NAME
    if len(os.fsencode(path)) <= _LONGEST_PATH_BYTES and _PLAIN_PATH.fullmatch(str(path)):
        return path
    digest = hashlib.sha256(os.fsencode(runtime)).hexdigest()[:12]
    return ensure_private_directory(Path(tempfile.gettempdir()) / f"limpet-{digest}") / SOCKET_NAME


def clear_stale_socket(path: Path) -> None:
    """Remove a socket at `path` on which nobody listens.

    Call it with the instance lock held. Raises EngineAlreadyRunning where somebody listens, and
    UnsafeEndpoint where something else than this user's socket is in the way.
    """
    try:
        status = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(status.st_mode) or status.st_uid != os.getuid():
        raise UnsafeEndpoint(
            f"{path} is in the way: it is not a socket of this user.",
            advice="Look at what it is, then move it away.",
        )
    if _is_answered(path):
        raise EngineAlreadyRunning(
            f"Another process listens on {path}.",
            advice="End it first; `limpet engine status` may tell what it is.",
        )
    path.unlink(missing_ok=True)


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as attempt:
        attempt.settimeout(_CONNECT_SECONDS)
        try:
            attempt.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:  # a full backlog, for example: somebody is there
            return True
    return True
