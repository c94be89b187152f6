"""Builds what stands behind the services: the store, the loaded models, and the tasks."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from engine.errors import ModelUnavailable
from engine.inference.model_provider import LoadedModelState
from engine.model_store.catalogue import load_catalogue
from engine.model_store.sources.choice import sources_from
from engine.model_store.store import ModelStore
from engine.service.chat_servicer import ChatTask
from engine.service.completion_servicer import CompletionTask
from engine.service.engine_servicer import LoadedModels
from engine.service.model_servicer import Store
from engine.settings import Settings
from engine.tasks.answer_chat.question import ChatQuestion, ChatStep
from engine.tasks.complete_code.question import CompletionEnd, CompletionQuestion, Suggestion
from rpc.places import data_directory


@dataclass(frozen=True)
class Parts:
    """What the services ask, and how to end it."""

    complete_code: CompletionTask
    answer_chat: ChatTask
    models: LoadedModels
    store: Store
    close: Callable[[], Awaitable[None]]


async def build_parts(settings: Settings) -> Parts:
    """Build the real parts; nothing slow happens here."""
    store = ModelStore(
        data_directory() / "models",
        catalogue=load_catalogue(),
        sources=sources_from(os.environ),
        offline=settings.offline,
        default_model=settings.default_model,
    )
    stand_in = _NoModel()
    return Parts(
        complete_code=_NoCompletion(),
        answer_chat=_NoChat(),
        models=stand_in,
        store=store,
        close=stand_in.close,
    )


class _NoModel:
    """Stands where the model host will be."""

    async def prepare(self, name: str) -> AsyncIterator[LoadedModelState]:
        raise _unavailable()
        yield

    def states(self) -> Sequence[LoadedModelState]:
        return ()

    async def unload(self, name: str) -> None:
        return None

    async def close(self) -> None:
        return None


class _NoCompletion:
    async def answer(
        self, question: CompletionQuestion
    ) -> AsyncIterator[Suggestion | CompletionEnd]:
        raise _unavailable()
        yield


class _NoChat:
    async def answer(self, question: ChatQuestion) -> AsyncIterator[ChatStep]:
        raise _unavailable()
        yield


def _unavailable() -> ModelUnavailable:
    return ModelUnavailable("This engine cannot run a model yet.")
