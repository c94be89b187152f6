"""Frames, whole and broken, read by both sides."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

import msgspec
import pytest

from engine.inference.frames import (
    MAX_FRAME_BYTES,
    BrokenFrame,
    encode_frame,
    read_frame,
    read_frame_async,
)
from engine.inference.messages import Cancel, Tokenize, ToWorker

_WHOLE = encode_frame(Cancel(7))


def _read_blocking(content: bytes) -> list[ToWorker]:
    stream = io.BytesIO(content)
    decoder: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
    messages: list[ToWorker] = []
    while (message := read_frame(stream, decoder)) is not None:
        messages.append(message)
    return messages


def _read_async(content: bytes) -> list[ToWorker]:
    async def read() -> list[ToWorker]:
        stream = asyncio.StreamReader()
        stream.feed_data(content)
        stream.feed_eof()
        decoder: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
        messages: list[ToWorker] = []
        while (message := await read_frame_async(stream, decoder)) is not None:
            messages.append(message)
        return messages

    return asyncio.run(read())


both_sides = pytest.mark.parametrize("read", [_read_blocking, _read_async])


@both_sides
def test_messages_come_in_their_order(read: Callable[[bytes], list[ToWorker]]) -> None:
    messages = [Cancel(1), Tokenize(2, ()), Cancel(3)]
    assert read(b"".join(encode_frame(each) for each in messages)) == messages
    assert read(b"") == []


@both_sides
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_WHOLE[:2], id="half a header"),
        pytest.param(_WHOLE[:4], id="no body"),
        pytest.param(_WHOLE + _WHOLE[:-1], id="the second is cut"),
        pytest.param((MAX_FRAME_BYTES + 1).to_bytes(4, "big"), id="longer than allowed"),
        pytest.param(b"\x00\x00\x00\x01\xc1", id="no MessagePack"),
        pytest.param(encode_frame(msgspec.defstruct("Other", [], tag=True)()), id="unknown"),
        pytest.param(b"\x00\x00\x00\x00", id="empty"),
    ],
)
def test_what_is_no_frame_is_told(
    read: Callable[[bytes], list[ToWorker]],
    content: bytes,
) -> None:
    with pytest.raises(BrokenFrame):
        read(content)
