"""A scheduler over a ledger, driven by hand, with what it handed out."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from engine.inference.language_model import FinishReason, GenerationRequest, Priority
from engine.inference.scheduler.job import Job
from engine.inference.scheduler.scheduler import Scheduler
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime

_PATIENCE_STEPS = 5000


class Desk:
    """Submits answers and collects what comes."""

    def __init__(self, runtime: LedgerRuntime | None = None, *, most_running: int = 4) -> None:
        self.runtime = runtime or LedgerRuntime()
        self.scheduler = Scheduler(self.runtime, self, most_running=most_running)
        self.jobs: dict[int, Job] = {}
        self.texts: defaultdict[int, bytes] = defaultdict(bytes)
        self.probabilities: defaultdict[int, list[float]] = defaultdict(list)
        self.ends: dict[int, FinishReason] = {}

    def submit(
        self,
        prompt: bytes,
        *,
        most: int = 8,
        priority: Priority = Priority.CHAT,
        begins_with: bytes = b"",
        stop_token_numbers: frozenset[int] = frozenset(),
        **request: object,
    ) -> int:
        """Submit a prompt whose bytes are its tokens; return its number."""
        number = len(self.jobs) + 1
        asked = GenerationRequest(prompt=(), max_tokens=most, priority=priority)
        asked = msgspec.structs.replace(asked, **request)
        job = Job(number, asked, list(prompt), stop_token_numbers, begins_with)
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
                assert all(sampler.is_closed for sampler in self.runtime.samplers)
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
