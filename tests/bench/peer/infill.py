"""One streamed request to the peer, which closing its connection cancels, as editors do."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

_TIMEOUT_SECONDS = 120.0


class Timings(msgspec.Struct, frozen=True):
    """What the peer says an answer cost; `prompt_n` are the tokens that it read."""

    prompt_n: int = 0
    cache_n: int = 0
    prompt_ms: float = 0.0
    predicted_n: int = 0


class Event(msgspec.Struct, frozen=True):
    """A piece of the answer; the last one has `stop` and the timings."""

    content: str = ""
    stop: bool = False
    timings: Timings = Timings()


class Request:
    """A request on its way in a thread of its own."""

    def __init__(
        self,
        address: tuple[str, int],
        body: Mapping[str, Any],
        on_event: Callable[[Event], None],
        on_end: Callable[[str], None],
    ) -> None:
        self._body = msgspec.json.encode({**body, "stream": True})
        self._connection = http.client.HTTPConnection(*address, timeout=_TIMEOUT_SECONDS)
        self._on_event = on_event
        self._on_end = on_end
        self._is_cancelled = False
        # Kept here as well: http.client lets go of it as soon as a response that ends with its
        # connection has begun.
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.begun = time.perf_counter()
        self._thread.start()

    def cancel(self) -> None:
        """Close the connection."""
        with self._lock:
            self._is_cancelled = True
            self._hang_up()

    def join(self, seconds: float) -> None:
        """Wait until the request is over."""
        self._thread.join(seconds)

    def _run(self) -> None:
        failure = ""
        try:
            with self._lock:
                if self._is_cancelled:
                    return
                self._connection.connect()
                self._socket = self._connection.sock
            self._connection.request(
                "POST", "/infill", self._body, {"Content-Type": "application/json"}
            )
            for event in self._events():
                self._on_event(event)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            # http.client trips over its own closed socket with an AttributeError.
            failure = "" if self._is_cancelled else f"{type(error).__name__}: {error}"
        finally:
            self._connection.close()
            self._on_end("cancelled" if self._is_cancelled else failure)

    def _events(self) -> Iterator[Event]:
        response = self._connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            raise ValueError(response.read(400).decode("utf-8", "replace"))
        while line := response.readline():
            if line.startswith(b"data: {"):
                event = msgspec.json.decode(line.removeprefix(b"data: "), type=Event)
                yield event
                if event.stop:
                    return

    def _hang_up(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
