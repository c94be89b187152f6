"""Frames of bytes over a pipe: a length, then a MessagePack message; no pickle."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, TypeVar

import msgspec

if TYPE_CHECKING:
    import asyncio

MAX_FRAME_BYTES = 64 << 20
_LENGTH_BYTES = 4

Message = TypeVar("Message")


class BrokenFrame(Exception):
    """The other side sent something that is no frame, or went away in the middle of one."""


def encode_frame(message: msgspec.Struct) -> bytes:
    """Return the frame of a message."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


def read_frame(stream: BinaryIO, decoder: msgspec.msgpack.Decoder[Message]) -> Message | None:
    """Read one message, or None at the orderly end of the stream. Raises BrokenFrame."""
    header = stream.read(_LENGTH_BYTES)
    if not header:
        return None
    length = int.from_bytes(header, "big")
    if len(header) < _LENGTH_BYTES or length > MAX_FRAME_BYTES:
        raise BrokenFrame("not a frame header")
    body = stream.read(length)
    if len(body) < length:
        raise BrokenFrame("the frame was cut")
    return _decoded(body, decoder)


async def read_frame_async(
    stream: asyncio.StreamReader, decoder: msgspec.msgpack.Decoder[Message]
) -> Message | None:
    """Read one message, or None at the orderly end of the stream. Raises BrokenFrame."""
    # Only the daemon comes here; a worker starts sooner without asyncio.
    from asyncio import IncompleteReadError  # noqa: PLC0415

    try:
        header = await stream.readexactly(_LENGTH_BYTES)
    except IncompleteReadError as cut:
        if not cut.partial:
            return None
        raise BrokenFrame("the frame header was cut") from cut
    length = int.from_bytes(header, "big")
    if length > MAX_FRAME_BYTES:
        raise BrokenFrame("not a frame header")
    try:
        body = await stream.readexactly(length)
    except IncompleteReadError as cut:
        raise BrokenFrame("the frame was cut") from cut
    return _decoded(body, decoder)


def _decoded(body: bytes, decoder: msgspec.msgpack.Decoder[Message]) -> Message:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as error:
        raise BrokenFrame(f"not a known message: {error}") from error
