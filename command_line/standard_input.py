"""Reads what is piped into a command."""

from __future__ import annotations

import os
import select
import stat
import sys

from command_line.output import Output
from rpc.documents import MAX_DOCUMENT_BYTES
from rpc.failures import DocumentTooLarge

STANDARD_INPUT = "standard input"
_PATIENCE_SECONDS = 2.0
_CHUNK_BYTES = 1 << 16


def read_piped(output: Output) -> bytes:
    """Return what is piped in, to its end; nothing on a terminal or without standard input.

    Says so when it has to wait, because a program that was started with an open pipe that nobody
    writes to would otherwise seem to hang. Raises DocumentTooLarge.
    """
    if sys.stdin is None or sys.stdin.isatty():
        return b""
    descriptor = sys.stdin.fileno()
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) and not select.select([descriptor], [], [], _PATIENCE_SECONDS)[0]:
        output.notice("Waiting for standard input; add `< /dev/null` if nothing is to be read.")
    content = bytearray()
    while chunk := os.read(descriptor, _CHUNK_BYTES):
        content += chunk
        if len(content) > MAX_DOCUMENT_BYTES:
            raise DocumentTooLarge(
                f"Standard input is larger than {MAX_DOCUMENT_BYTES >> 20} MiB.",
                advice="Pipe in only the part that matters.",
            )
    return bytes(content)
