"""The model store on the wire: asks the store in threads, converts cards and progress."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import InvalidInput
from engine.model_store.card import ModelCard
from engine.model_store.progress import Cancelled, Progress, Report
from engine.service.blocking_work import BlockingWork, Done
from engine.service.model_message import card_message, progress_message
from engine.service.seams import Store
from engine.service.streams import closing
from rpc.stubs.limpet.v1 import models_pb2, models_pb2_grpc

Response = TypeVar("Response")


class ModelServicer(models_pb2_grpc.ModelServiceServicer):
    """The service `limpet.v1.ModelService`.

    `unload` takes a model out of memory before its file is deleted; `cells` is the size of the
    KV cache by which a model's memory is judged.
    """

    def __init__(
        self,
        store: Store,
        work: BlockingWork,
        *,
        unload: Callable[[str], Awaitable[None]],
        cells: int,
    ) -> None:
        self._store = store
        self._work = work
        self._unload = unload
        self._cells = cells

    async def ListModels(
        self, request: models_pb2.ListModelsRequest, context: Any
    ) -> models_pb2.ListModelsResponse:
        """List all models."""
        return models_pb2.ListModelsResponse(models=await self._work.run(self._all_messages))

    async def GetModel(
        self, request: models_pb2.GetModelRequest, context: Any
    ) -> models_pb2.GetModelResponse:
        """Show one model."""
        card = await self._work.run(partial(self._message_of, _named(request.model)))
        return models_pb2.GetModelResponse(model=card)

    async def DownloadModel(
        self, request: models_pb2.DownloadModelRequest, context: Any
    ) -> AsyncIterator[models_pb2.DownloadModelResponse]:
        """Fetch a model."""
        name = _named(request.model)

        def download(report: Report, cancelled: Cancelled) -> ModelCard:
            return self._store.download(
                name,
                licence_accepted=request.licence_accepted,
                report=report,
                cancelled=cancelled,
            )

        async with closing(self._transfer(download, models_pb2.DownloadModelResponse)) as responses:
            async for response in responses:
                yield response

    async def ImportModel(
        self, request: models_pb2.ImportModelRequest, context: Any
    ) -> AsyncIterator[models_pb2.ImportModelResponse]:
        """Take a file into the store."""
        path = Path(request.path)
        if not path.is_absolute() or "\0" in request.path:
            raise InvalidInput("The path of a file to import must be absolute.")

        def take_in(report: Report, cancelled: Cancelled) -> ModelCard:
            return self._store.import_file(
                path, model_id=request.model, report=report, cancelled=cancelled
            )

        async with closing(self._transfer(take_in, models_pb2.ImportModelResponse)) as responses:
            async for response in responses:
                yield response

    async def VerifyModel(
        self, request: models_pb2.VerifyModelRequest, context: Any
    ) -> AsyncIterator[models_pb2.VerifyModelResponse]:
        """Check a model's file."""
        name = _named(request.model)

        def verify(report: Report, cancelled: Cancelled) -> ModelCard:
            return self._store.verify(name, report=report, cancelled=cancelled)

        async with closing(self._transfer(verify, models_pb2.VerifyModelResponse)) as responses:
            async for response in responses:
                yield response

    async def RemoveModel(
        self, request: models_pb2.RemoveModelRequest, context: Any
    ) -> models_pb2.RemoveModelResponse:
        """Delete a model's file."""
        card = await self._work.run(partial(self._store.card, _named(request.model)))
        if card.id != request.model:  # a typing slip must not delete gigabytes
            raise InvalidInput(f"To remove a model its name must be given in full: `{card.id}`.")
        await self._unload(card.id)
        freed = await self._work.run(partial(self._store.remove, card.id))
        return models_pb2.RemoveModelResponse(freed_bytes=freed)

    async def _transfer(
        self,
        function: Callable[[Report, Cancelled], ModelCard],
        response: Callable[..., Response],
    ) -> AsyncIterator[Response]:
        async with closing(self._work.stream(function)) as steps:
            async for step in steps:
                if isinstance(step, Progress):
                    yield response(progress=progress_message(step))
                elif isinstance(step, Done):
                    card = await self._work.run(partial(self._message_of, step.result.id))
                    yield response(model=card)

    def _all_messages(self) -> list[models_pb2.ModelCard]:
        return [self._message(card) for card in self._store.cards()]

    def _message_of(self, name: str) -> models_pb2.ModelCard:
        return self._message(self._store.card(name))

    def _message(self, card: ModelCard) -> models_pb2.ModelCard:
        return card_message(card, self._store.memory_fit(card.id, self._cells))


def _named(name: str) -> str:
    if not name:
        raise InvalidInput("The request names no model.")
    return name
