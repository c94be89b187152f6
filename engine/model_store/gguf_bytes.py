"""Reads the bytes of an untrusted GGUF header, never beyond the file's end and never all at once.

The file is read with `pread` and not mapped: a file that another process truncates while it is
mapped kills the reader with SIGBUS, while a short read is an ordinary error.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

from engine.errors import ModelFileInvalid

_WINDOW_BYTES = 1 << 20
_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")


class HeaderBytes:
    """A position in an open regular file; every read is checked against `size_bytes` first."""

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._descriptor = descriptor
        self._window = b""
        self._window_start = 0
        self._at = 0

    @property
    def position(self) -> int:
        """The offset of the next byte, from the beginning of the file."""
        return self._window_start + self._at

    @property
    def remaining(self) -> int:
        """How many bytes the file has from here on."""
        return self.size_bytes - self.position

    def take(self, count: int, what: str) -> bytes:
        """The next `count` bytes; `what` names them in the error."""
        self._need(count, what)
        begin, self._at = self._at, self._at + count
        return self._window[begin : self._at]

    def skip(self, count: int, what: str) -> None:
        """Passes over `count` bytes without reading them."""
        self._refuse_beyond_end(count, what)
        target = self.position + count
        if target <= self._window_start + len(self._window):
            self._at = target - self._window_start
        else:
            self._window, self._window_start, self._at = b"", target, 0

    def u32(self, what: str) -> int:
        """The next four bytes as a number."""
        value: int = _U32.unpack(self.take(4, what))[0]
        return value

    def u64(self, what: str) -> int:
        """The next eight bytes as a number."""
        value: int = _U64.unpack(self.take(8, what))[0]
        return value

    def string(self, limit_bytes: int, what: str) -> bytes:
        """The next string, refused above `limit_bytes`."""
        length = self.u64(what)
        if length > limit_bytes:
            raise ModelFileInvalid(f"{what} claims {length} bytes; {limit_bytes} is the limit.")
        return self.take(length, what)

    def strings(self, count: int, limit_bytes: int, what: str) -> Iterator[bytes]:
        """The next `count` strings, `limit_bytes` in all; `count` is the caller's to bound.

        A vocabulary has hundreds of thousands of them, hence the loop without calls.
        """
        unpack = _U64.unpack_from
        left = limit_bytes
        for _ in range(count):
            if len(self._window) - self._at < 8:
                self._need(8, what)
            length = unpack(self._window, self._at)[0]
            self._at += 8
            left -= length
            if left < 0:
                raise ModelFileInvalid(
                    f"The strings of {what} take more than {limit_bytes} bytes, the limit."
                )
            if len(self._window) - self._at < length:
                self._need(length, what)
            begin = self._at
            self._at = begin + length
            yield self._window[begin : self._at]

    def _refuse_beyond_end(self, count: int, what: str) -> None:
        if count > self.remaining:
            raise ModelFileInvalid(
                f"The file ends inside {what}: {count} bytes are needed at byte {self.position}, "
                f"{max(self.remaining, 0)} are there."
            )

    def _need(self, count: int, what: str) -> None:
        if len(self._window) - self._at >= count:
            return
        self._refuse_beyond_end(count, what)
        start = self.position
        pieces = [self._window[self._at :]]
        have = len(pieces[0])
        wanted = max(count, _WINDOW_BYTES)
        while have < wanted:
            piece = os.pread(self._descriptor, wanted - have, start + have)
            if not piece:
                break
            pieces.append(piece)
            have += len(piece)
        if have < count:
            raise ModelFileInvalid(f"The file became shorter while {what} was read.")
        self._window, self._window_start, self._at = b"".join(pieces), start, 0
