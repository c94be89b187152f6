"""Opens the connection to the engine as the command line does it."""

from __future__ import annotations

from command_line.output import Output
from rpc.client import Limpet

CLIENT_NAME = "command line"


def connect(output: Output, *, start: bool = True) -> Limpet:
    """Connect to this user's engine, starting one where `start` allows; say so on stderr.

    Raises an EngineUnavailable or DeadlinePassed.
    """
    return Limpet.open(CLIENT_NAME, start=start, on_notice=output.notice)
