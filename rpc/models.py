"""Lists, fetches, imports, checks and removes models."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec

from rpc.connection import Connection
from rpc.enumerations import text_for_wire, word_from_wire
from rpc.failures import InternalFailure, InvalidRequest
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import models_pb2
from rpc.stubs.limpet.v1.models_pb2_grpc import ModelServiceStub

# Days: a download over a slow line takes long, and a hung engine is noticed long before.
TRANSFER_TIMEOUT_SECONDS = 7 * 86400.0
# The engine may delete several gigabytes, or read the headers of many files.
STORE_TIMEOUT_SECONDS = 30.0


class ModelState(StrEnum):
    """Whether a model's file is here."""

    UNSPECIFIED = "unspecified"
    ABSENT = "absent"
    PARTIAL = "partial"
    INSTALLED = "installed"
    ALTERED = "altered"


class MemoryFit(StrEnum):
    """Whether a model fits the memory that is free now, its KV cache counted."""

    UNSPECIFIED = "unspecified"
    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "too_large"


class ModelCard(msgspec.Struct, frozen=True):
    """What is known of a model; the fields are those of `ModelCard` in models.proto."""

    id: str
    title: str
    summary: str
    family: str
    parameters: int
    quantization: str
    trained_context_length: int
    licence: str
    licence_url: str
    licence_needs_consent: bool
    size_bytes: int
    sha256: str
    state: ModelState
    present_bytes: int
    file_path: str
    memory_needed_bytes: int
    memory_free_bytes: int
    memory_fit: MemoryFit
    is_default: bool
    sources: tuple[str, ...]
    notes: tuple[str, ...]


class TransferProgress(msgspec.Struct, frozen=True):
    """How far a download, import or check is; `total_bytes` is 0 where not known."""

    done_bytes: int
    total_bytes: int
    note: str


TransferEvent = TransferProgress | ModelCard


class TransferStream(Stream[TransferEvent]):
    """A download, import or check: TransferProgress*, then the ModelCard.

    Cancelling a download pauses it: what was fetched is kept.
    """

    def result(self, on_progress: Callable[[TransferProgress], None] | None = None) -> ModelCard:
        """Wait for the end and return the card. Raises a Failure."""
        with self:
            for event in self:
                if isinstance(event, ModelCard):
                    return event
                if on_progress is not None:
                    on_progress(event)
        raise InternalFailure("The engine ended a transfer without a result.")


class _TransferResponse(Protocol):
    @property
    def progress(self) -> models_pb2.TransferProgress: ...
    @property
    def model(self) -> models_pb2.ModelCard: ...
    def HasField(self, field_name: str) -> bool: ...  # noqa: N802 - protobuf's own name


class ModelsClient:
    """Asks the engine's model service. `model` is an id, a unique beginning, or `default`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> tuple[ModelCard, ...]:
        """Return all models of the catalogue and the store, installed ones first."""
        response = self._connection.unary(
            lambda channel: ModelServiceStub(channel).ListModels,
            models_pb2.ListModelsRequest(),
            timeout_seconds=STORE_TIMEOUT_SECONDS,
        )
        return tuple(_card_from_wire(card) for card in response.models)

    def get(self, model: str = "default") -> ModelCard:
        """Return one model. Raises ModelNotFound."""
        response = self._connection.unary(
            lambda channel: ModelServiceStub(channel).GetModel,
            models_pb2.GetModelRequest(model=text_for_wire(model)),
            timeout_seconds=STORE_TIMEOUT_SECONDS,
        )
        return _card_from_wire(response.model)

    def download(self, model: str = "default", *, licence_accepted: bool = False) -> TransferStream:
        """Fetch a model, going on where an earlier attempt broke off."""
        return TransferStream(
            self._connection.opening(
                lambda channel: ModelServiceStub(channel).DownloadModel,
                models_pb2.DownloadModelRequest(
                    model=text_for_wire(model), licence_accepted=licence_accepted
                ),
                _transfer_event_from_wire,
                timeout_seconds=TRANSFER_TIMEOUT_SECONDS,
            )
        )

    def import_file(self, path: str, model: str = "") -> TransferStream:
        """Take a GGUF file of the engine's machine into the store; `path` is absolute."""
        if text_for_wire(path) != path:
            raise InvalidRequest(
                "The file's path is not valid UTF-8.", advice="Rename the file and try again."
            )
        return TransferStream(
            self._connection.opening(
                lambda channel: ModelServiceStub(channel).ImportModel,
                models_pb2.ImportModelRequest(path=path, model=text_for_wire(model)),
                _transfer_event_from_wire,
                timeout_seconds=TRANSFER_TIMEOUT_SECONDS,
            )
        )

    def verify(self, model: str = "default") -> TransferStream:
        """Read a model's file again and compare its digest."""
        return TransferStream(
            self._connection.opening(
                lambda channel: ModelServiceStub(channel).VerifyModel,
                models_pb2.VerifyModelRequest(model=text_for_wire(model)),
                _transfer_event_from_wire,
                timeout_seconds=TRANSFER_TIMEOUT_SECONDS,
            )
        )

    def remove(self, model: str) -> int:
        """Delete a model's file, named by its id in full; return the bytes that were freed."""
        response = self._connection.unary(
            lambda channel: ModelServiceStub(channel).RemoveModel,
            models_pb2.RemoveModelRequest(model=text_for_wire(model)),
            timeout_seconds=STORE_TIMEOUT_SECONDS,
            idempotent=False,
        )
        return response.freed_bytes


def _transfer_event_from_wire(message: _TransferResponse) -> TransferEvent | None:
    if message.HasField("model"):
        return _card_from_wire(message.model)
    if message.HasField("progress"):
        return TransferProgress(
            done_bytes=message.progress.done_bytes,
            total_bytes=message.progress.total_bytes,
            note=message.progress.note,
        )
    return None


def _card_from_wire(card: models_pb2.ModelCard) -> ModelCard:
    return ModelCard(
        id=card.id,
        title=card.title,
        summary=card.summary,
        family=card.family,
        parameters=card.parameters,
        quantization=card.quantization,
        trained_context_length=card.trained_context_length,
        licence=card.licence,
        licence_url=card.licence_url,
        licence_needs_consent=card.licence_needs_consent,
        size_bytes=card.size_bytes,
        sha256=card.sha256,
        state=word_from_wire(ModelState, models_pb2.ModelState, "MODEL_STATE", card.state),
        present_bytes=card.present_bytes,
        file_path=card.file_path,
        memory_needed_bytes=card.memory_needed_bytes,
        memory_free_bytes=card.memory_free_bytes,
        memory_fit=word_from_wire(MemoryFit, models_pb2.MemoryFit, "MEMORY_FIT", card.memory_fit),
        is_default=card.is_default,
        sources=tuple(card.sources),
        notes=tuple(card.notes),
    )
