"""Shows the end of the engine's log, and what comes after it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import BinaryIO

from command_line.exit_codes import ExitCode
from command_line.output import Output
from rpc.failures import InvalidRequest
from rpc.places import state_directory
from rpc.visible_text import decoded, visible

LOG_NAME = "engine.log"
_TAIL_BYTES = 1 << 20
_POLL_SECONDS = 0.25


def show_log(output: Output, *, lines: int, follow: bool) -> ExitCode:
    """Print the last lines of the log; with `follow` go on until interrupted."""
    if follow and output.json_wanted:
        raise InvalidRequest("`--follow` never ends, so it cannot give one JSON object.")
    path = state_directory() / LOG_NAME
    records, place = _tail(path, lines)
    if output.json_wanted:
        output.object({"path": str(path), "records": [_record(line) for line in records]})
        return ExitCode.DONE
    if not path.exists():
        output.notice(f"There is no log yet: {path}")
    for line in records:
        output.line(readable(line))
    if follow:
        _follow(path, output, place)
    return ExitCode.DONE


def readable(line: bytes) -> str:
    """Return a record (a JSON object) as a line for people; anything else as it is."""
    record = _record(line)
    if not isinstance(record, dict):
        return visible(str(record))
    fields = dict(record)
    head = [str(fields.pop(name)) for name in ("time", "level", "event") if name in fields]
    tail = (f"{name}={value}" for name, value in fields.items())
    return visible(" ".join((*head, *tail)).replace("\n", "\\n"))


def _record(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return decoded(line)


def _tail(path: Path, lines: int) -> tuple[list[bytes], int]:
    """Return the last lines and the place in the file where they end."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            return file.read().splitlines()[-lines:], file.tell()
    except FileNotFoundError:
        return [], 0


def _follow(path: Path, output: Output, place: int) -> None:
    """Print lines as they are written; a rotated log is opened anew."""
    file: BinaryIO | None = None
    held = b""
    while True:
        if file is None and path.exists():
            file = path.open("rb")
            file.seek(place)
            place = 0
        piece = file.readline() if file is not None else b""
        held += piece
        if held.endswith(b"\n"):
            output.line(readable(held.rstrip(b"\n")))
            held = b""
        if piece:
            continue
        if file is not None and _was_rotated(path, file):
            file.close()
            file = None
        time.sleep(_POLL_SECONDS)


def _was_rotated(path: Path, file: BinaryIO) -> bool:
    try:
        return path.stat().st_ino != os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False
