"""Finds the running engine, or starts one and waits until it answers."""

from __future__ import annotations

from collections.abc import Callable

from rpc.link import Client, Link

START_TIMEOUT_SECONDS = 15.0


def connect(
    client: Client,
    *,
    start: bool = True,
    timeout_seconds: float = START_TIMEOUT_SECONDS,
    on_notice: Callable[[str], None] | None = None,
) -> Link:
    """Return a link to this user's engine; many callers at once get the same engine.

    Raises EngineNotRunning, EngineMissing, EngineUnreachable, DeadlinePassed, NotAllowed,
    EngineTooOld, ClientTooOld.
    """
    raise NotImplementedError
