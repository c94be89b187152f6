"""A language model that lives in a worker process, and comes back when that dies."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from engine.errors import EngineBusy, EngineError, PromptTooLong, WorkerDied
from engine.inference.language_model import (
    Finished,
    GenerationRequest,
    ModelFacts,
    Piece,
    Priority,
    Prompt,
    Speed,
)
from engine.inference.messages import (
    Ended,
    Generate,
    Parking,
    Pieces,
    Refused,
    RuntimeSettings,
    Tokenize,
    Tokens,
)
from engine.inference.observed_speed import ObservedSpeed
from engine.inference.precedence import Precedence
from engine.inference.worker_process import NO_PARKING, WorkerProcess

MOST_OPEN_REQUESTS = 512


class WorkerModel:
    """Implements LanguageModel over a worker process.

    After a death every open request raises WorkerDied, and a new process is started at once, so
    that the next request finds it ready.
    """

    def __init__(
        self,
        path: Path,
        settings: RuntimeSettings,
        speed: Speed,
        log_path: Path,
        precedence: Precedence | None = None,
        *,
        parking: Parking = NO_PARKING,
    ) -> None:
        self._parking = parking
        self._precedence = precedence or Precedence()
        self._path = path
        self._settings = settings
        self._observed = ObservedSpeed(speed)
        self._log_path = log_path
        self._worker: WorkerProcess | None = None
        self._facts: ModelFacts | None = None
        self._starting = asyncio.Lock()
        self._guards: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._generating = 0
        self._begun = 0
        self.restarts = 0
        self.answered = 0

    async def start(self) -> None:
        """Start the worker. Raises ModelLoadFailed."""
        await self._alive()

    @property
    def facts(self) -> ModelFacts:
        """What the model says of itself."""
        if self._facts is None:
            raise RuntimeError("the model was not started")
        return self._facts

    @property
    def speed(self) -> Speed:
        """The speed that the probe measured, or what was better since."""
        return self._observed.speed

    @property
    def pid(self) -> int:
        """The worker's process id; 0 while there is none."""
        return self._worker.pid if self._worker is not None and self._worker.is_alive else 0

    @property
    def open_requests(self) -> int:
        """How many requests are running or waiting."""
        return self._worker.open_requests if self._worker is not None else 0

    async def tokenize(self, prompt: Prompt) -> list[list[int]]:
        """Return each segment's tokens. Raises WorkerDied."""
        worker = await self._alive()
        number, replies = worker.open_request()
        try:
            await worker.send(Tokenize(number, prompt))
            reply = await replies.get()
        finally:
            worker.forget(number)
        if not isinstance(reply, Tokens):
            raise WorkerDied("The inference process ended while it counted tokens.")
        return reply.tokens

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[Piece | Finished, None]:
        """Stream an answer; closing the iterator stops the model's work."""
        with self._precedence.request(self, request.priority):
            async with contextlib.aclosing(self._generate(request)) as steps:
                async for step in steps:
                    yield step

    async def _generate(self, request: GenerationRequest) -> AsyncGenerator[Piece | Finished, None]:
        worker = await self._alive()
        if worker.open_requests >= MOST_OPEN_REQUESTS:
            raise EngineBusy(f"{MOST_OPEN_REQUESTS} requests are waiting already.")
        number, replies = worker.open_request()
        has_ended = False
        self._begun += 1
        begun, was_free = self._begun, self._generating == 0
        self._generating += 1
        try:
            await worker.send(Generate(number, request))
            while not has_ended:
                reply = await replies.get()
                has_ended = not isinstance(reply, Pieces)
                match reply:
                    case Pieces():
                        yield Piece(reply.text, reply.log_probabilities)
                    case Ended():
                        self.answered += 1
                        was_alone = was_free and self._begun == begun
                        self._observed.note(reply.figures, was_alone=was_alone)
                        yield Finished(reply.reason, reply.figures)
                    case Refused():
                        raise PromptTooLong(
                            f"The prompt needs {reply.needed_tokens} tokens, but there is room "
                            f"for {reply.available_tokens}.",
                            needed_tokens=reply.needed_tokens,
                            available_tokens=reply.available_tokens,
                        )
                    case _:
                        raise WorkerDied("The inference process ended in the middle of an answer.")
        finally:
            self._generating -= 1
            if has_ended:
                worker.forget(number)
            else:
                worker.cancel(number)

    def hold(self, level: Priority) -> None:
        """Compute only what is at least as urgent from now on: another model works."""
        if self._worker is not None:
            self._worker.hold(level)

    async def close(self) -> None:
        """End the worker for good."""
        self._is_closed = True
        async with self._starting:
            for guard in self._guards:
                guard.cancel()
            if self._guards:
                await asyncio.wait(self._guards)
            if self._worker is not None:
                await self._worker.close()

    async def _alive(self) -> WorkerProcess:
        async with self._starting:
            if self._is_closed:
                raise WorkerDied("The model was unloaded.")
            if self._worker is None or not self._worker.is_alive:
                if self._worker is not None:
                    self.restarts += 1
                self._worker = await WorkerProcess.start(
                    self._path,
                    self._settings,
                    self._log_path,
                    self.speed.batch_milliseconds,
                    self._parking,
                )
                self._facts = self._worker.facts
                self._worker.hold(self._precedence.level_of(self))
                guard = asyncio.create_task(self._start_again_after(self._worker))
                self._guards.add(guard)
                guard.add_done_callback(self._guards.discard)
            return self._worker

    async def _start_again_after(self, worker: WorkerProcess) -> None:
        await worker.wait_until_dead()
        # The next request would start it as well, and tells its user if that fails again.
        with contextlib.suppress(EngineError, OSError):
            await self._alive()
