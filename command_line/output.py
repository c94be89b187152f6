"""What a command writes: results to standard output, everything else to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from rpc.visible_text import visible


class Output:
    """The two streams of a command.

    With `json_wanted` standard output carries one JSON object and nothing else. Diagnostics always
    go to standard error.
    """

    def __init__(self, *, json_wanted: bool = False) -> None:
        self.json_wanted = json_wanted
        for stream in (sys.stdout, sys.stderr):
            # A terminal with an old encoding gets escapes instead of a crash.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads standard output."""
        return sys.stdout.isatty()

    @property
    def diagnostics_are_terminal(self) -> bool:
        """Whether a person reads standard error."""
        return sys.stderr.isatty()

    def text(self, text: str) -> None:
        """Write to standard output as it is, at once."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """Write a line to standard output."""
        self.text(text + "\n")

    def raw(self, data: bytes) -> None:
        """Write bytes to standard output unchanged."""
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def object(self, value: Mapping[str, object]) -> None:
        """Write one JSON object on one line.

        Only ASCII: it is valid on every terminal, and lone surrogates survive as `\\ud800`.
        """
        self.line(json.dumps(value))

    def notice(self, text: str) -> None:
        """Write a line to standard error."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def failure(self, message: str, advice: str = "", reason: str = "") -> None:
        """Say what went wrong and what to do next; as an object too where JSON is wanted."""
        label = styled("limpet:", "1;31", sys.stderr)
        self.notice(f"{label} {visible(message)}")
        if advice:
            self.notice(visible(advice))
        if self.json_wanted:
            self.object({"error": failure_object(message, advice, reason)})

    def dim(self, text: str) -> str:
        """Return text for standard output that stands back where there are colours."""
        return self.styled(text, "2")

    def bold(self, text: str) -> str:
        """Return text for standard output that stands out where there are colours."""
        return self.styled(text, "1")

    def styled(self, text: str, code: str) -> str:
        """Return text for standard output in a style (an SGR code) where there are colours."""
        return styled(text, code, sys.stdout)


def failure_object(message: str, advice: str, reason: str) -> dict[str, str]:
    """Return a failure as it appears in JSON."""
    return {"message": message, "advice": advice, "reason": reason}


def has_colours(stream: TextIO) -> bool:
    """Return whether the stream is a terminal whose user has not asked for no colours."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def styled(text: str, code: str, stream: TextIO) -> str:
    """Return text in a style (an SGR code) where the stream has colours."""
    return f"\x1b[{code}m{text}\x1b[0m" if has_colours(stream) else text


def discard_output() -> None:
    """Point standard output at nothing, so that Python's own flush at exit cannot fail."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
