"""Keeps the connection to the engine: opened in the background, tried again after a failure."""

from __future__ import annotations

import threading
from collections.abc import Callable

from rpc.client import Limpet
from rpc.failures import Cancelled

CLIENT_NAME = "desktop"


class EngineLink:
    """Opens the connection at its first use. `limpet` waits, so it is for background threads."""

    def __init__(
        self,
        client_version: str = "",
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        self._client_version = client_version
        self._on_notice = on_notice
        self._lock = threading.Lock()
        self._limpet: Limpet | None = None
        self._is_closed = False

    def limpet(self) -> Limpet:
        """Return the client; connect, and start an engine, where that was not done. Raises Failure.

        After a failure the next caller tries again.
        """
        with self._lock:
            if self._is_closed:
                raise Cancelled("The window is being closed.")
            if self._limpet is None:
                self._limpet = Limpet.open(
                    CLIENT_NAME, self._client_version, on_notice=self._on_notice
                )
            return self._limpet

    def close(self) -> None:
        """End the connection; running calls are cancelled."""
        # Not under the lock: opening may hold it for as long as an engine takes to start.
        self._is_closed = True
        limpet = self._limpet
        if limpet is not None:
            limpet.close()
