"""The endpoint file: where the running engine listens and the token that opens it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec

from rpc.places import runtime_directory
from rpc.whole_file import write_whole

PROTOCOL_REVISION = 1
OLDEST_PROTOCOL_REVISION = 1
# Optional metadata of every call: the client's name, as in the handshake, for logs and fairness.
CLIENT_NAME_HEADER = "limpet-client"


class Endpoint(msgspec.Struct, frozen=True):
    """Where an engine listens.

    `address` is a gRPC target: `unix:/path/engine.sock`, or `127.0.0.1:PORT` with `certificate`
    (PEM) to be pinned. `run_id` differs at every start of an engine.
    """

    address: str
    token: str
    pid: int
    run_id: str
    engine_version: str
    protocol_revision: int = PROTOCOL_REVISION
    certificate: str = ""


class UnsafeDirectory(Exception):
    """The runtime directory belongs to somebody else, is a link, or is open to others."""


def ensure_private_directory(directory: Path) -> Path:
    """Create `directory` as 0700, or check that it is this user's own and closed to others.

    Raises UnsafeDirectory, OSError.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        status = directory.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise UnsafeDirectory(f"{directory} is not a folder.") from None
        if status.st_uid != os.getuid():
            raise UnsafeDirectory(f"{directory} belongs to another user.") from None
        if stat.S_IMODE(status.st_mode) & 0o077:
            directory.chmod(0o700)
    return directory


def endpoint_path() -> Path:
    """Return the endpoint file's path."""
    return runtime_directory() / "endpoint.json"


def read_endpoint(path: Path | None = None) -> Endpoint | None:
    """Return the endpoint that is written down, or None where there is none that can be trusted.

    A file of another user, or one that others may write, is not trusted.
    """
    path = path or endpoint_path()
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if status.st_uid != os.getuid() or status.st_mode & 0o077:
            return None
        try:
            return msgspec.json.decode(file.read(1 << 16), type=Endpoint)
        except msgspec.DecodeError:
            return None


def write_endpoint(endpoint: Endpoint, path: Path | None = None) -> None:
    """Write the endpoint file, 0600, whole or not at all, and durable. Raises OSError."""
    write_whole(path or endpoint_path(), msgspec.json.encode(endpoint))


def remove_endpoint(run_id: str, path: Path | None = None) -> None:
    """Remove the endpoint file if it is still that of the run `run_id`."""
    path = path or endpoint_path()
    written = read_endpoint(path)
    if written is not None and written.run_id == run_id:
        path.unlink(missing_ok=True)
