"""Finds what a text defines, here or in a process of its own."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from contextlib import suppress
from typing import BinaryIO, Protocol, cast

import msgspec

from engine.inference.frames import BrokenFrame, encode_frame, read_frame
from engine.retrieval.parsed_text import parse
from engine.retrieval.symbol_messages import FileSymbols, ReadSymbols
from engine.retrieval.symbols import definitions_in

# Ten times what the slowest ordinary file takes.
ANSWER_SECONDS = 3.0
_KEPT_VARIABLES = ("PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


class SymbolReader(Protocol):
    """Something that finds what a text defines."""

    def read(self, path: str, text: bytes) -> FileSymbols:
        """Return the symbols; none for a text that cannot be parsed."""

    def rest(self) -> None:
        """Give back what is not needed until the next call of `read`."""


class ReadHere:
    """Reads in this process, for texts that are known to be harmless."""

    def read(self, path: str, text: bytes) -> FileSymbols:
        """Return the symbols; none for a text that cannot be parsed."""
        return read_symbols(path, text)

    def rest(self) -> None:
        """Nothing to give back."""


class ReadApart:
    """Reads in a process with little memory and time; a text that ends it has no symbols."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._decoder = msgspec.msgpack.Decoder(FileSymbols)

    def read(self, path: str, text: bytes) -> FileSymbols:
        """Return the symbols; none for a text that cannot be parsed."""
        process = self._process or self._start()
        self._process = process
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        with suppress(OSError, BrokenFrame):  # it ended in the middle
            process.stdin.write(encode_frame(ReadSymbols(path, text)))
            process.stdin.flush()
            if select.select([process.stdout], [], [], ANSWER_SECONDS)[0]:
                found = read_frame(cast("BinaryIO", process.stdout), self._decoder)
                if found is not None:
                    return found
        self._end(grace_seconds=0.0)
        return nothing_of(path)

    def rest(self) -> None:
        """End the process; the next call of `read` starts another."""
        self._end(grace_seconds=1.0)

    def _end(self, grace_seconds: float) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not written yet cannot be any more
                if stream is not None:
                    stream.close()
        try:
            process.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.retrieval.symbol_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            start_new_session=True,  # the terminal's Ctrl+C is for the engine
        )


def read_symbols(path: str, text: bytes) -> FileSymbols:
    """Return what a text defines; nothing where it cannot be parsed."""
    parsed = parse(path, text)
    if parsed is None:
        return nothing_of(path)
    return FileSymbols(path, parsed.grammar.facts.language, definitions_in(parsed))


def nothing_of(path: str) -> FileSymbols:
    """Return the symbols of a file of which nothing is known."""
    return FileSymbols(path, "", ())
