"""The worker's inference loop: one thread computes, any thread submits and cancels."""

from __future__ import annotations

import threading
from collections import deque

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import Priority
from engine.inference.parking.common_beginning import common_length
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.runtime import Runtime, Slice
from engine.inference.scheduler.job import Job
from engine.inference.scheduler.scheduler import Receiver, Scheduler

# A state is copied only after so long a pause: somebody who types does not meet the copying.
QUIET_SECONDS = 2.0


class InferenceLoop:
    """Runs the scheduler, and interrupts its decode when something more urgent comes in."""

    def __init__(
        self,
        runtime: Runtime,
        receiver: Receiver,
        *,
        most_running: int,
        curve: CostCurve | None,
        lot: ParkingLot | None = None,
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        self._runtime = runtime
        self._scheduler = Scheduler(
            runtime, receiver, most_running=most_running, curve=curve, lot=lot
        )
        self._quiet_seconds = quiet_seconds
        self._changed = threading.Condition()
        self._inbox: deque[Job | int] = deque()
        self._decoding: list[tuple[Job, Slice]] = []
        self._level = max(Priority)
        self._is_held = False

    def submit(self, job: Job) -> None:
        """Hand an answer in; interrupts a decode that is less urgent or that it supersedes."""
        with self._changed:
            self._inbox.append(job)
            if any(must_interrupt(running, piece, job) for running, piece in self._decoding):
                self._runtime.request_abort(True)
            self._changed.notify()

    def cancel(self, number: int) -> None:
        """End an answer; interrupts the decode that works on it."""
        with self._changed:
            self._inbox.append(number)
            if any(running.number == number for running, _ in self._decoding):
                self._runtime.request_abort(True)
            self._changed.notify()

    def hold(self, level: Priority) -> None:
        """Compute only what is at least as urgent from now on; interrupts what is less so."""
        with self._changed:
            self._level = level
            self._is_held = False
            if any(running.priority > level for running, _ in self._decoding):
                self._runtime.request_abort(True)
            self._changed.notify()

    def run(self) -> None:
        """Work for ever, asleep while there is nothing to do. Raises RuntimeError."""
        while True:
            while self._wait_for_work():
                self._scheduler.park()
            planned = self._next_plan()
            if planned:
                self._scheduler.run(planned)

    def _wait_for_work(self) -> bool:
        """Sleep until something comes in; True when it is quiet and a state could be parked."""
        with self._changed:
            self._decoding = []
            while not self._inbox and (self._is_held or not self._scheduler.has_work):
                limit = self._quiet_seconds if self._scheduler.could_park else None
                if not self._changed.wait(limit):
                    return True
            return False

    def _next_plan(self) -> list[tuple[Job, Slice]]:
        with self._changed:
            while self._inbox:
                entry = self._inbox.popleft()
                if isinstance(entry, Job):
                    self._scheduler.submit(entry)
                else:
                    self._scheduler.cancel(entry)
            # Lowered under the lock: whoever raises it from now on means the decode that follows.
            self._runtime.request_abort(False)
            planned = self._scheduler.plan()
            # A plan has jobs of one class only; one that is held back is made again later.
            self._is_held = bool(planned) and planned[0][0].priority > self._level
            self._decoding = [] if self._is_held else planned
            return self._decoding


def must_interrupt(running: Job, piece: Slice, newcomer: Job) -> bool:
    """Whether a newcomer is better served by ending the decode of a slice than by its end.

    Only a less urgent or superseded answer is interrupted, and not where the newcomer's prompt has
    most of the slice's tokens, too: it would have to read them again. So a prompt that is being
    read gets on even when each keystroke supersedes the one before.
    """
    name = newcomer.request.supersedes
    is_older_sister = bool(name) and running.request.supersedes == name
    if not is_older_sister and running.priority <= newcomer.priority:
        return False
    end = piece.start + len(piece.tokens)
    shared = common_length(running.tokens[:end], newcomer.tokens) - piece.start
    return 2 * shared < len(piece.tokens)
