"""Finds the running engine, or has one started."""

from __future__ import annotations

import time
from collections.abc import Callable

from rpc.endpoint import Endpoint, read_endpoint
from rpc.engine_start import EngineStart
from rpc.failures import EngineNotRunning, EngineUnreachable, NotAllowed
from rpc.link import Client, Link, open_link
from rpc.patience import Patience
from rpc.processes import is_alive

# While an engine is being started, an endpoint that did not answer is not tried more often.
_TRY_AGAIN_SECONDS = 0.25


def connect(
    client: Client,
    *,
    start: bool = True,
    patience: Patience,
    on_notice: Callable[[str], None] | None = None,
) -> Link:
    """Return a link to this user's engine; many callers at once get the same engine.

    Raises EngineNotRunning, EngineMissing, EngineUnreachable, DeadlinePassed, NotAllowed,
    EngineTooOld, ClientTooOld.
    """
    finder = Finder(client, patience)
    link = finder.find()
    if link is not None:
        return link
    if not start:
        raise EngineNotRunning("The engine is not running.")
    if on_notice is not None:
        on_notice("Starting the engine.")
    return EngineStart(finder.find, patience.start_seconds).wait_for_link()


class Finder:
    """Looks for the engine that the endpoint file names; may be asked many times a second."""

    def __init__(self, client: Client, patience: Patience) -> None:
        self._client = client
        self._patience = patience
        self._silent: Endpoint | None = None
        self._silent_at = 0.0

    def find(self) -> Link | None:
        """Return a link, or None where there is no engine.

        Raises DeadlinePassed, NotAllowed, EngineTooOld, ClientTooOld.
        """
        endpoint = read_endpoint()
        if endpoint is None or not is_alive(endpoint.pid) or self._was_just_tried(endpoint):
            return None
        try:
            return open_link(endpoint, self._client, self._patience)
        except EngineUnreachable:
            # Left behind by an engine that was killed, or one that is ending.
            self._silent = endpoint
            self._silent_at = time.monotonic()
            return None
        except NotAllowed:
            newer = read_endpoint()
            if newer is None or newer == endpoint:
                raise
            # The engine was restarted between our reading the file and our call.
            return open_link(newer, self._client, self._patience)

    def _was_just_tried(self, endpoint: Endpoint) -> bool:
        return endpoint == self._silent and time.monotonic() - self._silent_at < _TRY_AGAIN_SECONDS
