"""How long a client waits for the engine before it says so."""

from __future__ import annotations

import msgspec


class Patience(msgspec.Struct, frozen=True):
    """Deadlines of a connection, in seconds."""

    # From the start of an engine's process until it answers; a busy machine is slow.
    start_seconds: float = 15.0
    # A handshake takes about a millisecond; only an engine that hangs takes longer than this.
    handshake_seconds: float = 5.0
    # For a call with one answer.
    unary_seconds: float = 10.0
    # A stream without a step for so long makes the client ask for a sign of life. Reading a long
    # prompt may take longer than this; an engine that hangs does not answer the question either.
    silence_seconds: float = 10.0
