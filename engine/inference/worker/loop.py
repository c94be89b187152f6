"""The worker's inference loop: one thread computes, any thread submits and cancels."""

from __future__ import annotations

import threading
from collections import deque

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import Priority
from engine.inference.parking.common_beginning import common_length
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.parking.state_keeper import StateKeeper
from engine.inference.runtime import Runtime, Slice
from engine.inference.scheduler.job import Job
from engine.inference.scheduler.scheduler import Receiver, Scheduler

# A state is copied only after so long a pause, and written to the disk after a longer one: somebody
# who types does not meet that.
PARKING_QUIET_SECONDS = 2.0
KEEPING_QUIET_SECONDS = 15.0


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
        keeper: StateKeeper | None = None,
    ) -> None:
        self._runtime = runtime
        self._scheduler = Scheduler(
            runtime, receiver, most_running=most_running, curve=curve, lot=lot, keeper=keeper
        )
        self._is_finishing = False
        self._has_finished = threading.Event()
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
        """Work until `finish`, asleep while there is nothing to do. Raises RuntimeError."""
        while not self._is_finishing:
            if self._wait_for_work():
                self._tidy_up()
            elif planned := self._next_plan():
                self._scheduler.run(planned)
        while self._scheduler.keep(is_end=True):
            pass
        self._has_finished.set()

    def finish(self, most_seconds: float) -> None:
        """Let `run` end after what should be on the disk is there; wait for that so long."""
        with self._changed:
            self._is_finishing = True
            self._runtime.request_abort(True)
            self._changed.notify()
        self._has_finished.wait(most_seconds)

    def _tidy_up(self) -> None:
        if self._scheduler.could_park:
            self._scheduler.park()
        else:
            self._scheduler.keep()

    def _wait_for_work(self) -> bool:
        """Sleep until something comes in; True when it is quiet and states could be put away."""
        with self._changed:
            self._decoding = []
            while not self._inbox and (self._is_held or not self._scheduler.has_work):
                if self._is_finishing:
                    return False
                if not self._changed.wait(self._patience()):
                    return True
            return False

    def _patience(self) -> float | None:
        """Return how long it must be quiet before there is something to do; None for ever."""
        if self._scheduler.could_park:
            return PARKING_QUIET_SECONDS
        return KEEPING_QUIET_SECONDS if self._scheduler.could_keep else None

    def _next_plan(self) -> list[tuple[Job, Slice]]:
        with self._changed:
            while self._inbox:
                entry = self._inbox.popleft()
                if isinstance(entry, Job):
                    self._scheduler.submit(entry)
                else:
                    self._scheduler.cancel(entry)
            if self._is_finishing:
                return []
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
