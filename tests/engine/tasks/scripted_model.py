"""A scripted model in this process: the worker's intake and scheduler without the process."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator
from pathlib import Path

from engine.inference.language_model import (
    Finished,
    FinishReason,
    GenerationRequest,
    LanguageModel,
    ModelFacts,
    Piece,
    Prompt,
    Speed,
)
from engine.inference.messages import RuntimeSettings
from engine.inference.model_provider import Role
from engine.inference.scheduler.job import Job
from engine.inference.scheduler.scheduler import Scheduler
from engine.inference.scripted.runtime import ScriptedRuntime
from engine.inference.worker.intake import job_of, tokens_of

_AT_ONCE = "prefill_tokens_per_second = 1e9\ndecode_tokens_per_second = 1e9\n"


class ScriptedModel:
    """Implements LanguageModel and, for itself alone, ModelProvider. Keeps what it was asked."""

    def __init__(self, folder: Path, script: str) -> None:
        path = folder / "script.toml"
        path.write_text(_AT_ONCE + script, "utf-8")
        settings = RuntimeSettings(context_tokens=4096, parallel_requests=2)
        self._runtime = ScriptedRuntime(path, settings)
        self.requests: list[GenerationRequest] = []

    @property
    def facts(self) -> ModelFacts:
        return self._runtime.facts

    @property
    def speed(self) -> Speed:
        return Speed()

    async def model_for(self, role: Role, name: str = "") -> tuple[str, LanguageModel]:
        return name or "scripted", self

    async def tokenize(self, prompt: Prompt) -> list[list[int]]:
        return tokens_of(self._runtime, prompt)

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[Piece | Finished, None]:
        self.requests.append(request)
        answer = _Answer()
        scheduler = Scheduler(self._runtime, answer, most_running=1)
        for sequence in range(self._runtime.sequence_count):
            self._runtime.truncate(sequence, 0)
        scheduler.submit(job_of(self._runtime, len(self.requests), request))
        while scheduler.has_work:
            scheduler.run(scheduler.plan())
            while answer.steps:
                yield answer.steps.popleft()


class _Answer:
    """What the scheduler has handed out and nobody has read yet."""

    def __init__(self) -> None:
        self.steps: deque[Piece | Finished] = deque()

    def deliver(self, job: Job, text: bytes, log_probabilities: tuple[float, ...]) -> None:
        self.steps.append(Piece(text, log_probabilities))

    def finish(self, job: Job, reason: FinishReason) -> None:
        self.steps.append(Finished(reason, job.figures()))
