"""Requests that wait for a sequence: by priority, then fairly between clients, then by age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from engine.inference.scheduler.job import Job


class WaitingLine:
    """The waiting jobs."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs))

    def add(self, job: Job) -> None:
        """Let a job wait."""
        self._jobs.append(job)

    def remove(self, job: Job) -> None:
        """Take a job out."""
        self._jobs.remove(job)

    def next(self, running: Iterable[Job]) -> Job | None:
        """Return the job whose turn it is; of equals, one of the client that runs least."""
        if not self._jobs:
            return None
        load = Counter(job.request.client for job in running)
        return min(
            self._jobs,
            key=lambda job: (job.priority, load[job.request.client], job.submitted_at, job.number),
        )
