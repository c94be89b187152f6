"""The process that parses the files of a project, so that a hostile one can only end this."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress

import msgspec

from engine.inference.frames import encode_frame, read_frame
from engine.retrieval.symbol_messages import ReadSymbols
from engine.retrieval.symbol_reader import read_symbols

# Parsing an ordinary file takes some megabytes; some texts would take all there are.
MOST_MEMORY_BYTES = 1024 * 1024 * 1024
_NICENESS = 10


def main() -> int:
    """Answer questions from standard input until it ends."""
    with suppress(OSError, ValueError):  # a limit that is lower already
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICENESS)
    decoder = msgspec.msgpack.Decoder(ReadSymbols)
    while (question := read_frame(sys.stdin.buffer, decoder)) is not None:
        sys.stdout.buffer.write(encode_frame(read_symbols(question.path, question.text)))
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
