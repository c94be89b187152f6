"""An editor for tests: a session over a real worker with a scripted model, driven step by step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from engine.inference.language_model import (
    Finished,
    GenerationRequest,
    LanguageModel,
    ModelFacts,
    Piece,
    Prompt,
    Speed,
)
from engine.inference.model_provider import Role
from engine.inference.worker_model import WorkerModel
from engine.prompts.catalog import Catalog
from engine.tasks.complete_code.complete_code import CompleteCode
from engine.tasks.complete_code.session.events import (
    ChangeDocument,
    OpenDocument,
    SessionEvent,
    Suggest,
    Suggestions,
    TextChange,
    Trigger,
)
from engine.tasks.complete_code.session.session import CompletionSession
from tests.engine.inference.worker.workers import scripted_model

PATIENCE_SECONDS = 30.0


class WatchedModel:
    """A language model that writes down every request."""

    def __init__(self, model: WorkerModel) -> None:
        self._model = model
        self.requests: list[GenerationRequest] = []

    @property
    def facts(self) -> ModelFacts:
        return self._model.facts

    @property
    def speed(self) -> Speed:
        return self._model.speed

    @property
    def open_requests(self) -> int:
        return self._model.open_requests

    async def tokenize(self, prompt: Prompt) -> list[list[int]]:
        return await self._model.tokenize(prompt)

    def generate(self, request: GenerationRequest) -> AsyncGenerator[Piece | Finished, None]:
        self.requests.append(request)
        return self._model.generate(request)

    async def model_for(self, role: Role, name: str = "") -> tuple[str, LanguageModel]:
        """Be the provider of this one model."""
        return "scripted", self


class Editor:
    """A text with a caret, and the session that knows it."""

    def __init__(self, session: CompletionSession, model: WatchedModel, marked: str) -> None:
        head, _, tail = marked.partition("‸")
        self.session = session
        self._events = session.events()
        self._wishes = 0
        self.model = model
        self.head, self.tail = head.encode(), tail.encode()
        self.version = 1
        session.handle(OpenDocument("a.py", self.head + self.tail, 1))

    def type(self, text: str) -> None:
        """Insert text at the caret."""
        self._change(TextChange(len(self.head), len(self.head), text.encode()))
        self.head += text.encode()

    def delete(self, count: int) -> None:
        """Delete characters in front of the caret."""
        self._change(TextChange(len(self.head) - count, len(self.head), b""))
        self.head = self.head[:-count]

    def wish(self, trigger: Trigger = Trigger.TYPING) -> int:
        """Ask for a suggestion; do not wait."""
        self._wishes += 1
        wish = Suggest(self._wishes, self.version, len(self.head), trigger)
        self.session.handle(wish)
        return self._wishes

    async def suggestion(self) -> Suggestions:
        """Ask for a suggestion and return the final answer."""
        return await self.answer_to(self.wish())

    async def answer_to(self, wish: int) -> Suggestions:
        """Return the final answer to a wish."""
        while True:
            event = await self.next_event()
            if isinstance(event, Suggestions) and event.id == wish and event.is_final:
                return event

    async def next_event(self) -> SessionEvent:
        """Return what the session tells next."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await anext(self._events)

    @property
    def is_idle(self) -> bool:
        """Whether the model has nothing to do."""
        return self.model.open_requests == 0

    def _change(self, change: TextChange) -> None:
        self.session.handle(ChangeDocument(self.version, self.version + 1, (change,)))
        self.version += 1


@asynccontextmanager
async def editor(folder: Path, script: str, marked: str) -> AsyncIterator[Editor]:
    """Open an editor with a text whose caret is marked by `‸`."""
    async with scripted_model(folder, script) as worker:
        model = WatchedModel(worker)
        session = CompleteCode(model, Catalog.load()).open_session("test")
        try:
            yield Editor(session, model, marked)
        finally:
            await session.close()
