"""Where the terminal chat remembers what was typed: a file that only its owner can read."""

from __future__ import annotations

import os

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from command_line.output import Output
from rpc.places import state_directory


def open_history(output: Output) -> History:
    """Return the history; one that is forgotten at the end where no file can be written."""
    path = state_directory() / "chat_history"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before prompt_toolkit makes it, which would let others read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.fchmod(descriptor, 0o600)
        os.close(descriptor)
    except OSError as error:
        output.notice(f"What you type will not be remembered: {path}: {error.strerror}.")
        return InMemoryHistory()
    return FileHistory(str(path))
