"""A scheduler driven by hand, with what it handed out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import FinishReason, GenerationRequest, Priority
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.parking.state_keeper import StateKeeper
from engine.inference.runtime import Runtime
from engine.inference.scheduler.job import Job
from engine.inference.scheduler.scheduler import Scheduler

_PATIENCE_STEPS = 5000


AnyRuntime = TypeVar("AnyRuntime", bound=Runtime)


class Desk(Generic[AnyRuntime]):
    """Submits answers and collects what comes."""

    def __init__(
        self,
        runtime: AnyRuntime,
        *,
        most_running: int = 4,
        curve: CostCurve | None = None,
        lot: ParkingLot | None = None,
        keeper: StateKeeper | None = None,
    ) -> None:
        self.runtime = runtime
        self.scheduler = Scheduler(
            runtime, self, most_running=most_running, curve=curve, lot=lot, keeper=keeper
        )
        self.jobs: dict[int, Job] = {}
        self.texts: defaultdict[int, bytes] = defaultdict(bytes)
        self.probabilities: defaultdict[int, list[float]] = defaultdict(list)
        self.ends: dict[int, FinishReason] = {}

    def submit(
        self,
        prompt: Sequence[int],
        *,
        most: int = 8,
        priority: Priority = Priority.CHAT,
        begins_with: bytes = b"",
        stop_token_numbers: frozenset[int] = frozenset(),
        resembling: Sequence[Sequence[int]] = (),
        scored: int = 0,
        **request: object,
    ) -> int:
        """Submit a prompt of tokens, which for a ledger are bytes; return its number."""
        number = len(self.jobs) + 1
        asked = GenerationRequest(prompt=(), max_tokens=most, priority=priority)
        asked = msgspec.structs.replace(asked, **request)
        job = Job(
            number,
            asked,
            list(prompt),
            stop_token_numbers,
            begins_with,
            resembles=resembling,
            scored=scored,
        )
        self.jobs[number] = job
        self.scheduler.submit(job)
        return number

    def step(self, count: int = 1) -> None:
        """Run that many decodes."""
        for _ in range(count):
            planned = self.scheduler.plan()
            if planned:
                self.scheduler.run(planned)

    def step_until_answering(self, number: int) -> None:
        """Run until an answer has begun."""
        for _ in range(_PATIENCE_STEPS):
            if self.jobs[number].is_answering:
                return
            self.step()
        raise AssertionError(f"answer {number} never began")

    def finish_all(self) -> None:
        """Run until there is nothing to do."""
        for _ in range(_PATIENCE_STEPS):
            if not self.scheduler.has_work:
                assert set(self.ends) == set(self.jobs)
                return
            self.step()
        raise AssertionError("the scheduler never came to rest")

    # --- what the scheduler calls -------------------------------------------------------------

    def deliver(self, job: Job, text: bytes, log_probabilities: tuple[float, ...]) -> None:
        assert job.number not in self.ends, "an answer went on after its end"
        self.texts[job.number] += text
        self.probabilities[job.number] += log_probabilities

    def finish(self, job: Job, reason: FinishReason) -> None:
        assert job.number not in self.ends, "an answer ended twice"
        self.ends[job.number] = reason
