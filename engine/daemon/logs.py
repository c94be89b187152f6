"""The engine's log: JSON lines that turn over, and hold no code, prompt, answer or token."""

from __future__ import annotations

import datetime as dt
import logging
import logging.handlers
import os
import queue
import sys
import traceback
from pathlib import Path
from types import TracebackType

import msgspec

LOG_NAME = "engine.log"
WORKER_LOG_NAME = "worker.log"
OUR_LOGGER = "limpet"
_LARGEST_BYTES = 2 << 20
_KEPT_FILES = 3


class JsonLine(logging.Formatter):
    """Writes a record as one JSON object.

    Our own records are an event's name and `fields`, which hold no contents. Messages of other
    libraries and the texts of exceptions may quote what they worked on, so of those only the
    place in the program and the exception's type are written.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
        }
        if _is_ours(record):
            line["event"] = record.getMessage()
            line |= getattr(record, "fields", {})
        else:
            line |= {"event": "library", "logger": record.name}
            line["place"] = f"{Path(record.pathname).name}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["frames"] = _frames(record.exc_info[2])
        return msgspec.json.encode(line).decode()


class Log:
    """The running log; `path` is None where no file can be written.

    `worker_path` is where the worker processes put what llama.cpp says.
    """

    def __init__(self, path: Path | None, listener: logging.handlers.QueueListener) -> None:
        self.path = path
        self.worker_path = path.with_name(WORKER_LOG_NAME) if path else Path(os.devnull)
        self._listener = listener

    def close(self) -> None:
        """Write what is waiting."""
        self._listener.stop()
        for handler in self._listener.handlers:
            handler.close()


def open_log(directory: Path, level: str) -> Log:
    """Send all records to a file in `directory`, from a thread of its own.

    Where the file cannot be written the engine works on: it says so on stderr, once, and puts
    warnings and errors there.
    """
    path: Path | None = directory / LOG_NAME
    handler: logging.Handler
    try:
        handler = _file_handler(directory / LOG_NAME)
    except OSError as trouble:
        path = None
        handler = logging.StreamHandler(sys.stderr)
        handler.setLevel(logging.WARNING)
        print(  # noqa: T201 - there is no log to say it in
            f"limpet-engine: no log can be written in {directory}: {trouble.strerror}. "
            "The engine works on without one.",
            file=sys.stderr,
        )
    handler.setFormatter(JsonLine())
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    listener = logging.handlers.QueueListener(records, handler, respect_handler_level=True)
    root = logging.getLogger()
    root.handlers[:] = [_Forward(records)]
    root.setLevel(logging.WARNING)  # other libraries
    logging.getLogger(OUR_LOGGER).setLevel(level.upper())
    listener.start()
    return Log(path, listener)


class _Forward(logging.handlers.QueueHandler):
    """Passes records on as they are: formatting them first would put exceptions into words."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record


def _file_handler(path: Path) -> logging.Handler:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    _turn_over(path.with_name(WORKER_LOG_NAME))
    return logging.handlers.RotatingFileHandler(
        path, maxBytes=_LARGEST_BYTES, backupCount=_KEPT_FILES, encoding="utf-8"
    )


def _turn_over(path: Path) -> None:
    """Set a worker's log aside once it is large; workers only ever add to it."""
    if path.exists() and path.stat().st_size > _LARGEST_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name == OUR_LOGGER or record.name.startswith(f"{OUR_LOGGER}.")


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace, limit=-12)
    ]
