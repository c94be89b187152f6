"""Reads an answer that comes in steps: cancellable, watched, and able to be asked again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

import grpc

from rpc.connection import Opening, RunningCall
from rpc.failure_conversion import failure_from_call
from rpc.failures import (
    Cancelled,
    DeadlinePassed,
    EngineGone,
    EngineUnreachable,
    Failure,
)

# After this long without a step the engine is asked for a sign of life. A long prompt may take
# longer to read than this; an engine that hangs does not answer at all.
SILENCE_SECONDS = 10.0

Event = TypeVar("Event")


class Stream(Iterator[Event], Generic[Event]):
    """The steps of one answer. Iterate once; failures are raised while iterating.

    `cancel()` may be called from any thread. Leaving the `with` block before the end, or an
    exception such as KeyboardInterrupt while waiting for a step, cancels the call, so that the
    model stops.
    """

    def __init__(
        self, opening: Opening[Event], *, silence_seconds: float = SILENCE_SECONDS
    ) -> None:
        self._opening = opening
        self._silence_seconds = silence_seconds
        self._received = 0
        self._cancelled = False
        self._over = threading.Event()
        self._hung: DeadlinePassed | None = None
        self._last_step_at = time.monotonic()
        self._call: RunningCall[Event] = opening.start(opening.connection.link)
        threading.Thread(target=self._watch, name="limpet-stream-watch", daemon=True).start()

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
                failure = self._failure_of(error)
                if not self._may_start_over(failure):
                    self._over.set()
                    raise failure from error
                self._start_over()
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
        return type(self)(self._opening, silence_seconds=self._silence_seconds)

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

    def _failure_of(self, error: grpc.RpcError) -> Failure:
        if self._hung is not None:
            return self._hung
        failure = failure_from_call(error)
        if self._cancelled:
            return Cancelled("The request was cancelled.")
        if isinstance(failure, EngineUnreachable) and self._received:
            return EngineGone("The engine went away in the middle of an answer.")
        return failure

    def _may_start_over(self, failure: Failure) -> bool:
        raise NotImplementedError(failure)

    def _start_over(self) -> None:
        raise NotImplementedError

    def _watch(self) -> None:
        raise NotImplementedError
