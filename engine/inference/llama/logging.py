"""llama.cpp's own log: its errors are kept for messages, everything else is dropped."""

from __future__ import annotations

import ctypes
from collections import deque

from engine.inference.llama.bindings import bindings

_GGML_LOG_LEVEL_ERROR = 4


class LlamaLog:
    """Keeps the last error lines that llama.cpp wrote."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=8)
        self._callback = bindings.llama_log_callback(self._receive)
        bindings.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _receive(self, level: int, text: bytes, _user_data: object) -> None:
        if level == _GGML_LOG_LEVEL_ERROR:
            self._lines.append(text.decode("utf-8", "replace").strip())

    def last_errors(self) -> str:
        """Return the last errors in one line."""
        return "; ".join(line for line in self._lines if line)
