"""The scheduler: admits answers, plans each decode, and hands out what was generated.

Every answer is a list of tokens of which the first `read` are in the cache. A step reads some of
the pending ones of the answers of the highest priority class; an answer whose last pending token
was read gets its next token chosen. Reading a prompt, going on after a preemption and generating
are therefore one and the same thing, and an answer that was set aside goes on without computing
anything twice.
"""

from __future__ import annotations

import time
from typing import Protocol

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import FinishReason
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.parking.state_keeper import StateKeeper
from engine.inference.runtime import DecodeOutcome, Runtime, Slice
from engine.inference.scheduler.answering import Answering
from engine.inference.scheduler.drafts import Drafts, without_guesses
from engine.inference.scheduler.job import NO_SEQUENCE, Job
from engine.inference.scheduler.scoring import scores_of, scoring_slice
from engine.inference.scheduler.sequences import SequenceTable
from engine.inference.scheduler.waiting_line import WaitingLine

# While answers of the same class stream, a prompt is read in pieces of this size between them.
_SHARED_CHUNK_TOKENS = 64
_SMALLEST_CHUNK_TOKENS = 32


class Receiver(Protocol):
    """Takes what the scheduler produces."""

    def deliver(self, job: Job, text: bytes, log_probabilities: tuple[float, ...]) -> None:
        """Take more of an answer."""

    def finish(self, job: Job, reason: FinishReason) -> None:
        """Take an answer's end."""


class Scheduler:
    """Plans and runs one decode at a time. Not thread-safe: one thread owns it.

    With a `curve` of what decodes cost, answers are drafted where that pays. With a `lot`, states
    of the cache that may be given up are kept in host memory, and with a `keeper` as well those of
    a project's files on the disk.
    """

    def __init__(
        self,
        runtime: Runtime,
        receiver: Receiver,
        *,
        most_running: int,
        curve: CostCurve | None = None,
        lot: ParkingLot | None = None,
        keeper: StateKeeper | None = None,
    ) -> None:
        self._runtime = runtime
        self._receiver = receiver
        self._most_running = most_running
        self._sequences = SequenceTable(runtime, lot, keeper)
        self._waiting = WaitingLine()
        self._running: list[Job] = []
        self._chunk = runtime.batch_size
        self._answering = Answering(runtime)
        self._drafts: Drafts | None = None
        if curve is not None and runtime.can_truncate:
            self._drafts = Drafts(runtime, curve)

    @property
    def has_work(self) -> bool:
        """Whether a step would do anything."""
        return bool(self._running or len(self._waiting))

    @property
    def could_park(self) -> bool:
        """Whether there is something to do for `park`."""
        return self._sequences.to_park() is not None

    def park(self) -> None:
        """Copy one state that may be given up soon to host memory; for quiet times."""
        sequence = self._sequences.to_park()
        if sequence is not None:
            self._sequences.park(sequence)

    @property
    def could_keep(self) -> bool:
        """Whether there is something to do for `keep`."""
        return self._sequences.to_keep() is not None

    def keep(self, *, is_end: bool = False) -> bool:
        """Write one file's state to the disk, for quiet times; False when there is none."""
        sequence = self._sequences.to_keep(is_end=is_end)
        if sequence is None:
            return False
        self._sequences.keep(sequence)
        return True

    def submit(self, job: Job) -> None:
        """Let an answer wait for its turn; ends an older one of the same caret."""
        name = job.request.supersedes
        if name:
            for other in (*self._waiting, *self._running):
                if other.request.supersedes == name:
                    self._end(other, FinishReason.CANCELLED)
        self._waiting.add(job)

    def cancel(self, number: int) -> None:
        """End an answer now; unknown numbers have ended already."""
        for job in (*self._waiting, *self._running):
            if job.number == number:
                self._end(job, FinishReason.CANCELLED)

    def plan(self) -> list[tuple[Job, Slice]]:
        """Admit what has its turn and return the slices of the next decode."""
        for job in (*self._waiting, *self._running):
            if job.is_late:
                self._end(job, FinishReason.DEADLINE)
        self._admit()
        if not self._running:
            return []
        top = min(job.priority for job in self._running)
        return self._slices([job for job in self._running if job.priority == top])

    def run(self, planned: list[tuple[Job, Slice]]) -> None:
        """Decode planned slices and deliver what comes of it. Raises RuntimeError."""
        begun = time.perf_counter()
        outcome, planned = self._decode(planned)
        seconds = time.perf_counter() - begun
        if outcome is DecodeOutcome.DONE:
            self._chunk = min(self._runtime.batch_size, self._chunk * 2)
            if self._drafts is not None:
                self._drafts.saw_decode(planned, seconds)
            self._take(planned)
            return
        for job, piece in planned:
            job.read = self._sequences.settle(piece.sequence, job.usable_tokens)
        if outcome is DecodeOutcome.ABORTED:
            # Whatever interrupted may come again soon: risk less work next time.
            self._chunk = max(_SMALLEST_CHUNK_TOKENS, self._chunk // 2)
        else:
            self._give_way(planned)

    def _admit(self) -> None:
        while (job := self._waiting.next(self._running)) is not None:
            if not self._make_room(job):
                return
            acquired = self._sequences.acquire(job.usable_tokens, job.request.keeping)
            if acquired is None:
                return
            self._waiting.remove(job)
            job.sequence, job.read = acquired
            if job.cached is None:
                job.cached = job.read
            self._running.append(job)

    def _make_room(self, job: Job) -> bool:
        """Set less urgent answers aside until `job` has a place and cells; whether that worked."""
        while True:
            reserved = sum(self._cells_for(each) for each in (job, *self._running))
            is_enough = reserved <= self._runtime.cell_count
            if not self._running or (len(self._running) < self._most_running and is_enough):
                return True
            last = max(self._running, key=lambda other: (other.priority, other.submitted_at))
            if last.priority <= job.priority:
                return False
            self._set_aside(last)

    def _cells_for(self, job: Job) -> int:
        """Return the cells that an answer may come to need."""
        return min(job.most_tokens, self._runtime.facts.context_length)

    def _set_aside(self, job: Job) -> None:
        self._running.remove(job)
        self._sequences.release(job.sequence, awaited_by=job.number)
        job.sequence = NO_SEQUENCE
        self._waiting.add(job)

    def _slices(self, jobs: list[Job]) -> list[tuple[Job, Slice]]:
        answering = [job for job in jobs if job.pending == 1]
        reading = [job for job in jobs if job.pending > 1]
        planned = [(job, self._slice(job, 1)) for job in answering]
        room = min(self._chunk, self._runtime.batch_size - len(planned))
        if answering:
            room = min(room, _SHARED_CHUNK_TOKENS)
        outputs = self._runtime.most_outputs - len(jobs)  # one for each, and these on top
        for job in reading:
            if room <= 0:
                break
            piece = (
                scoring_slice(job, room, outputs + 1)
                if job.scored
                else self._slice(job, min(room, job.pending))
            )
            planned.append((job, piece))
            room -= len(piece.tokens)
            outputs -= max(0, piece.output_count - 1)
        return planned if self._drafts is None else self._drafts.added_to(planned)

    @staticmethod
    def _slice(job: Job, count: int) -> Slice:
        end = job.read + count
        wants_output = end == len(job.tokens) and job.request.max_tokens > 0
        return Slice(job.sequence, job.read, job.tokens[job.read : end], wants_output)

    def _decode(
        self, planned: list[tuple[Job, Slice]]
    ) -> tuple[DecodeOutcome, list[tuple[Job, Slice]]]:
        """Decode, and return the slices that there was room for: guesses are given up first."""
        while True:
            outcome = self._runtime.decode([piece for _, piece in planned])
            if outcome is not DecodeOutcome.NO_ROOM:
                return outcome, planned
            if any(piece.drafted for _, piece in planned):
                planned = [(job, without_guesses(piece)) for job, piece in planned]
            elif not self._sequences.evict_oldest():
                return outcome, planned

    def _give_way(self, planned: list[tuple[Job, Slice]]) -> None:
        """The cache is full of answers: the youngest waits, or the only one ends here."""
        if len(self._running) > 1:
            self._set_aside(max(self._running, key=lambda job: (job.priority, job.submitted_at)))
        else:
            self._end(planned[0][0], FinishReason.CONTEXT_FULL)

    def _take(self, planned: list[tuple[Job, Slice]]) -> None:
        """Hand out what a decode has computed."""
        output = 0
        for job, piece in planned:
            if job.scored:
                self._take_scores(job, piece, output)
                output += piece.output_count
                continue
            known = len(piece.tokens) - piece.drafted
            if not piece.wants_output:
                job.read = self._sequences.note(piece.sequence, job.tokens[: job.read + known])
                if job.pending == 0:
                    self._end(job, FinishReason.LENGTH)
                continue
            answered = self._answering.continue_answer(job, piece, output)
            output += piece.output_count
            read = job.read + known + answered.accepted
            wrong = piece.drafted - answered.accepted
            job.read = self._sequences.note(piece.sequence, job.tokens[:read], wrong)
            if answered.text or answered.log_probabilities:
                self._receiver.deliver(job, answered.text, answered.log_probabilities)
            if answered.reason is not None:
                self._end(job, answered.reason)

    def _take_scores(self, job: Job, piece: Slice, first_output: int) -> None:
        job.read = self._sequences.note(
            piece.sequence, job.tokens[: piece.start + len(piece.tokens)]
        )
        for text, probability in scores_of(self._runtime, job.tokens, piece, first_output):
            self._receiver.deliver(job, text, (probability,))
            job.told_scores += 1
        if job.told_scores == job.scored:
            self._end(job, FinishReason.LENGTH)

    def _end(self, job: Job, reason: FinishReason) -> None:
        if job in self._running:
            self._running.remove(job)
            self._sequences.release(job.sequence)
        else:
            self._waiting.remove(job)
            self._sequences.stop_awaiting(job.number)
        if job.sampler is not None:
            job.sampler.close()
        if reason is not FinishReason.BLOCK_END:
            rest, _ = job.block_end.feed(job.stop_texts.rest())
            if rest:
                self._receiver.deliver(job, rest, ())
        self._receiver.finish(job, reason)
