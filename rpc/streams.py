"""Reads an answer that comes in steps: cancellable, watched, and able to be asked again."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import grpc

from rpc.connection import Opening, RunningCall
from rpc.failure_conversion import failure_from_call
from rpc.failures import (
    Cancelled,
    DeadlinePassed,
    EngineGone,
    EngineUnreachable,
    Failure,
    NotAllowed,
)

Event = TypeVar("Event")


class Stream(Iterator[Event], Generic[Event]):
    """The steps of one answer. Iterate once; failures are raised while iterating.

    `cancel()` may be called from any thread. Leaving the `with` block before the end, or an
    exception such as KeyboardInterrupt while waiting for a step, cancels the call, so that the
    model stops.
    """

    def __init__(self, opening: Opening[Event]) -> None:
        self._opening = opening
        self._received = 0
        self._started_over = False
        self._cancelled = False
        self._broken = False
        self._hung: DeadlinePassed | None = None
        self._over = threading.Event()
        self._last_step_at = time.monotonic()
        link = opening.connection.link
        self._call: RunningCall[Event] = opening.start(link)
        # The watch knows the stream only weakly: one that is dropped unread is collected, and
        # gRPC then cancels its call.
        threading.Thread(
            target=_watch,
            args=(weakref.ref(self), self._over, link.patience.silence_seconds),
            name="limpet-stream-watch",
            daemon=True,
        ).start()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        while True:
            try:
                event = next(self._call.events)
            except StopIteration:
                self._over.set()
                raise
            except grpc.RpcError as error:
                self._take_failure(error)
                continue
            except BaseException:
                self.cancel()
                raise
            self._received += 1
            self._last_step_at = time.monotonic()
            return event

    def cancel(self) -> None:
        """End the call; the model stops. Safe from any thread and at any time."""
        self._cancelled = True
        self._over.set()
        self._call.cancel()

    def again(self) -> Self:
        """Return a new stream with the same request, after connecting anew if that is needed.

        For the one retry after EngineGone or AnswerInterrupted. Raises a Failure.
        """
        if self._broken:
            self._opening.connection.renew(self._call.link)
        return type(self)(self._opening)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._over.is_set():
            self.cancel()

    def _take_failure(self, error: grpc.RpcError) -> None:
        """Raise what the broken call means, or start over once where nothing was lost."""
        failure = self._meaning_of(error)
        self._broken = isinstance(failure, EngineGone | EngineUnreachable | NotAllowed)
        if not self._broken or self._received or self._started_over:
            self._over.set()
            raise failure from error
        # The engine ended or was restarted while this connection lay idle.
        self._started_over = True
        try:
            self._opening.connection.renew(self._call.link)
        except BaseException:
            self._over.set()
            raise
        self._call = self._opening.start(self._opening.connection.link)
        self._last_step_at = time.monotonic()
        if self._cancelled:  # by another thread, which may have seen only the call before
            self._call.cancel()

    def _meaning_of(self, error: grpc.RpcError) -> Failure:
        if self._hung is not None:
            return self._hung
        if self._cancelled or self._opening.connection.is_closed:
            return Cancelled("The request was cancelled.")
        failure = failure_from_call(error)
        # Without a reason of the engine's, and not by us: gRPC says so of a call whose server
        # was taken down.
        was_cut = isinstance(failure, Cancelled) and failure.reason == Cancelled.default_reason
        if was_cut or (isinstance(failure, EngineUnreachable) and self._received):
            return EngineGone("The engine went away in the middle of an answer.")
        return failure

    def check_pulse(self, silence_seconds: float) -> None:
        """Give the call up if nothing has come for long and the engine hangs."""
        call = self._call
        if time.monotonic() - self._last_step_at < silence_seconds or call.link.answers():
            return
        self._hung = DeadlinePassed(
            f"The engine (process {call.link.endpoint.pid}) has stopped answering.",
            advice="It seems to hang: run `limpet engine restart`.",
        )
        call.cancel()


def _watch(
    stream_reference: weakref.ref[Stream[Any]], over: threading.Event, silence_seconds: float
) -> None:
    while not over.wait(silence_seconds):
        stream = stream_reference()
        if stream is None:
            return
        stream.check_pulse(silence_seconds)
        del stream
