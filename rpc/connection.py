"""A client's connection to the engine, which outlives the engine's restarts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, TypeVar

import grpc

from rpc.failure_conversion import failure_from_call
from rpc.failures import EngineUnreachable, Failure, NotAllowed
from rpc.launcher import connect
from rpc.link import Client, Handshake, Link
from rpc.patience import Patience

Request = TypeVar("Request")
Response = TypeVar("Response")
Event = TypeVar("Event")


@dataclass(frozen=True)
class RunningCall(Generic[Event]):
    """A streaming call: its converted messages, and the way to end it."""

    link: Link
    events: Iterator[Event]
    cancel: Callable[[], object]


@dataclass(frozen=True)
class Opening(Generic[Event]):
    """How to start a streaming call, once or again after a restart."""

    connection: Connection
    start: Callable[[Link], RunningCall[Event]]


class Connection:
    """A channel to the engine with token and deadlines; safe to share by threads.

    Use it as a context manager, or close it.
    """

    def __init__(
        self,
        link: Link,
        *,
        start: bool = True,
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        self._link = link
        self._start = start
        self._on_notice = on_notice
        self._lock = threading.Lock()
        self._is_closed = False

    @classmethod
    def open(
        cls,
        client_name: str,
        client_version: str = "",
        *,
        start: bool = True,
        patience: Patience | None = None,
        on_notice: Callable[[str], None] | None = None,
    ) -> Connection:
        """Connect to this user's engine; start one first where there is none and `start` is set.

        Raises an EngineUnavailable or DeadlinePassed.
        """
        link = connect(
            Client(name=client_name, version=client_version),
            start=start,
            patience=patience or Patience(),
            on_notice=on_notice,
        )
        return cls(link, start=start, on_notice=on_notice)

    @property
    def handshake(self) -> Handshake:
        """The versions of the engine that is connected now."""
        return self._link.handshake

    @property
    def is_closed(self) -> bool:
        """Whether this client has closed the connection itself."""
        return self._is_closed

    @property
    def link(self) -> Link:
        """The channel in use now."""
        return self._link

    def unary(
        self,
        method: Callable[[grpc.Channel], grpc.UnaryUnaryMultiCallable[Request, Response]],
        request: Request,
        *,
        timeout_seconds: float | None = None,
        idempotent: bool = True,
    ) -> Response:
        """Make one call, once more if the engine was restarted meanwhile. Raises a Failure.

        `timeout_seconds` stands in for the connection's own patience. A request that is not
        idempotent is sent again only if the engine refused its token: then it has surely not been
        carried out.
        """
        link = self._link
        try:
            return _call(link, method, request, timeout_seconds)
        except NotAllowed:
            self.renew(link)
        except EngineUnreachable:
            if not idempotent:
                raise
            self.renew(link)
        return _call(self._link, method, request, timeout_seconds)

    def opening(
        self,
        method: Callable[[grpc.Channel], grpc.UnaryStreamMultiCallable[Request, Response]],
        request: Request,
        convert: Callable[[Response], Event | None],
        *,
        timeout_seconds: float,
    ) -> Opening[Event]:
        """Prepare a streaming call; `convert` returns None for a step that it does not know."""

        def start(link: Link) -> RunningCall[Event]:
            call = method(link.channel)(request, timeout=timeout_seconds, metadata=link.metadata)
            events = (event for step in call if (event := convert(step)) is not None)
            return RunningCall(link=link, events=events, cancel=call.cancel)

        return Opening(connection=self, start=start)

    def reconnect(self) -> None:
        """Connect anew, to whichever engine runs now; start one where that is allowed."""
        self.renew(self._link)

    def renew(self, broken: Link) -> None:
        """Replace `broken`, unless another thread has done so already. Raises a Failure."""
        with self._lock:
            if self._link is not broken:
                return
            self._link = connect(
                broken.client,
                start=self._start,
                patience=broken.patience,
                on_notice=self._on_notice,
            )
        # The old channel is not closed but dropped: another thread may be about to use it, and
        # must get the engine's failure, from which it recovers, and not gRPC's "closed channel".
        if self._link.handshake.run_id != broken.handshake.run_id:
            self.notice("The engine was restarted; the connection has been made anew.")

    def notice(self, sentence: str) -> None:
        """Tell the user something that is no failure."""
        if self._on_notice is not None:
            self._on_notice(sentence)

    def close(self) -> None:
        """Close the channel; running streams are cancelled."""
        self._is_closed = True
        self._link.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _call(
    link: Link,
    method: Callable[[grpc.Channel], grpc.UnaryUnaryMultiCallable[Request, Response]],
    request: Request,
    timeout_seconds: float | None,
) -> Response:
    timeout_seconds = timeout_seconds or link.patience.unary_seconds
    try:
        return method(link.channel)(request, timeout=timeout_seconds, metadata=link.metadata)
    except grpc.RpcError as error:
        failure: Failure = failure_from_call(error)
        raise failure from error
