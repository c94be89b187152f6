"""One parked state as a file: written whole, and believed only after everything was checked."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from array import array
from pathlib import Path

import msgspec

from engine.inference.parking.parking_lot import ParkedState

_MAGIC = b"limpet-kv-1\n"
_LENGTH_BYTES = 4
_MOST_HEADER_BYTES = 16384
_TOKEN_BYTES = array("i").itemsize


class StateHeader(msgspec.Struct, frozen=True):
    """What a state belongs to. `model` names the model file, the build and the machine."""

    model: str
    project: str
    file: str
    token_count: int
    state_bytes: int
    digest: str


def write_state(path: Path, parked: ParkedState, *, model: str, project: str, file: str) -> int:
    """Write a state, for this user's eyes only; return the file's size. Raises OSError."""
    tokens = parked.tokens.tobytes()
    digest = hashlib.sha256(tokens + parked.state).hexdigest()
    header = msgspec.msgpack.encode(
        StateHeader(model, project, file, len(parked.tokens), len(parked.state), digest)
    )
    temporary = path.with_suffix(f".{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as stream:
            stream.write(_MAGIC + len(header).to_bytes(_LENGTH_BYTES, "big") + header + tokens)
            stream.write(parked.state)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path.stat().st_size


def read_header(path: Path) -> StateHeader | None:
    """Return what a file says of itself; None where it is no state of this user's."""
    content = _read(path, len(_MAGIC) + _LENGTH_BYTES + _MOST_HEADER_BYTES)
    parsed = _parsed(content) if content is not None else None
    return parsed[0] if parsed is not None else None


def read_state(path: Path, *, model: str, project: str, file: str) -> ParkedState | None:
    """Return the state in a file; None where anything about it is not as it must be."""
    content = _read(path, -1)
    parsed = _parsed(content) if content is not None else None
    if content is None or parsed is None:
        return None
    header, begin = parsed
    token_bytes = header.token_count * _TOKEN_BYTES
    body = memoryview(content)[begin:]
    is_ours = (header.model, header.project, header.file) == (model, project, file)
    if not is_ours or header.token_count <= 0 or header.state_bytes <= 0:
        return None
    if len(body) != token_bytes + header.state_bytes:
        return None
    if hashlib.sha256(body).hexdigest() != header.digest:
        return None
    tokens = array("i", bytes(body[:token_bytes]))
    return ParkedState(tokens, bytes(body[token_bytes:]))


def _parsed(content: bytes) -> tuple[StateHeader, int] | None:
    begin = len(_MAGIC) + _LENGTH_BYTES
    if len(content) < begin or not content.startswith(_MAGIC):
        return None
    end = begin + int.from_bytes(content[len(_MAGIC) : begin], "big")
    if end > begin + _MOST_HEADER_BYTES or end > len(content):
        return None
    with contextlib.suppress(msgspec.DecodeError):
        return msgspec.msgpack.decode(content[begin:end], type=StateHeader), end
    return None


def _read(path: Path, most: int) -> bytes | None:
    """Read a regular file of this user's that nobody else may write; never waits."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(path, flags), "rb") as stream:
            status = os.fstat(stream.fileno())
            is_private = status.st_uid == os.getuid() and not status.st_mode & 0o077
            if not stat.S_ISREG(status.st_mode) or not is_private:
                return None
            return stream.read(most)
    except OSError:
        return None
