"""A flag that llama.cpp polls while it computes, without taking Python's interpreter lock."""

from __future__ import annotations

import ctypes
from typing import Any

from engine.inference.llama.bindings import bindings


class AbortFlag:
    """A two-byte string of length 0 or 1, and libc's `strlen` as the callback that reads it.

    A callback written in Python would wait for the interpreter lock at every graph node. `strlen`
    is a C function that takes a pointer and returns 0 (go on) or 1 (abort) for such a string, which
    is all that llama.cpp's `bool (*)(void *)` asks for on the calling conventions it runs on.
    """

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(2)
        self._libc = ctypes.CDLL(None)
        self._callback = ctypes.cast(self._libc.strlen, bindings.ggml_abort_callback)

    def install(self, context: Any) -> None:
        """Let a llama.cpp context poll this flag; the flag must outlive the context."""
        bindings.llama_set_abort_callback(
            context, self._callback, ctypes.cast(self._buffer, ctypes.c_void_p)
        )

    def set(self, wanted: bool) -> None:
        """Raise or lower the flag. Safe from any thread: it writes one byte."""
        self._buffer[0] = b"\x01" if wanted else b"\x00"
