"""Reads at most one stream, and lets nothing of one that was stopped come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from desktop.background.jobs import Background, Cancellable
from desktop.background.running_stream import RunningStream
from rpc.client import Limpet
from rpc.failures import Cancelled, Failure

Event = TypeVar("Event")


class OneStream:
    """The stream of a desk; for the window's thread only."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._stream: RunningStream | None = None
        self._number = 0

    @property
    def is_running(self) -> bool:
        """Whether a stream is being read."""
        return self._stream is not None

    def begin(
        self,
        opening: Callable[[Limpet], Cancellable[Event]],
        take: Callable[[Iterable[Event]], None],
        end: Callable[[Failure | None], None],
    ) -> None:
        """Read a stream instead of the one that is being read.

        `take` gets its events some at a time, and no more of them once it has stopped the stream;
        `end` comes once, with the failure where it is one.
        """
        self.stop()
        number = self._number

        def batch(events: list[Event]) -> None:
            if number == self._number:
                take(self._still(events, number))

        def ended(failure: Failure | None) -> None:
            if number == self._number:
                self._stream = None
                end(None if isinstance(failure, Cancelled) else failure)

        self._stream = self._background.stream(opening, batch, ended)

    def stop(self) -> bool:
        """Stop the stream; return whether there was one."""
        self._number += 1
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.cancel()
        return stream is not None

    def _still(self, events: Iterable[Event], number: int) -> Iterator[Event]:
        for event in events:
            if number != self._number:
                return
            yield event
