"""Asks the engine about itself, makes it ready, and ends it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from rpc.connection import Connection
from rpc.enumerations import text_for_wire, word_from_wire
from rpc.failures import InternalFailure
from rpc.link import Handshake
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import engine_pb2
from rpc.stubs.limpet.v1.engine_pb2_grpc import EngineServiceStub

# Checking, trying and loading a large model from a slow disk takes minutes.
PREPARE_TIMEOUT_SECONDS = 3600.0


class Stage(StrEnum):
    """Where a model is on its way to readiness."""

    UNSPECIFIED = "unspecified"
    VERIFYING = "verifying"
    PROBING = "probing"
    LOADING = "loading"
    READY = "ready"


class Slowness(msgspec.Struct, frozen=True):
    """How slow a model completes code here; the fields are those of `Slowness` in engine.proto."""

    suggestion_seconds: float
    longest_useful_seconds: float
    faster_model: str
    faster_suggestion_seconds: float


class LoadedModel(msgspec.Struct, frozen=True):
    """A model in a worker process; the fields are those of `LoadedModel` in engine.proto."""

    model: str
    stage: Stage
    pid: int
    context_length: int
    threads: int
    prefill_tokens_per_second: float
    decode_tokens_per_second: float
    fallback: str
    slowness: Slowness | None


class EngineStatus(msgspec.Struct, frozen=True):
    """What the engine does now; the fields are those of `GetStatusResponse` in engine.proto."""

    engine_version: str
    pid: int
    uptime_seconds: float
    resident_bytes: int
    loaded_models: tuple[LoadedModel, ...]
    running_requests: int
    waiting_requests: int
    answered_requests: int
    worker_restarts: int
    log_path: str
    offline: bool
    idle_exit_seconds: int


class Forgotten(msgspec.Struct, frozen=True):
    """What was deleted; the fields are those of `ForgetProjectResponse` in engine.proto."""

    files: int
    freed_bytes: int


class PrepareStep(msgspec.Struct, frozen=True):
    """One step of loading; `fraction` is 0 where it is not known."""

    stage: Stage
    fraction: float
    model: LoadedModel


class PrepareStream(Stream[PrepareStep]):
    """The steps until a model is ready; the last one has the stage READY."""

    def result(self, on_step: Callable[[PrepareStep], None] | None = None) -> LoadedModel:
        """Wait until the model is ready and return it. Raises a Failure."""
        ready: LoadedModel | None = None
        with self:
            for step in self:
                if on_step is not None:
                    on_step(step)
                if step.stage is Stage.READY:
                    ready = step.model
        if ready is None:
            raise InternalFailure("The engine ended the loading without a ready model.")
        return ready


class EngineClient:
    """Asks the engine's own service."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def handshake(self) -> Handshake:
        """Return the versions that were exchanged when the connection came about."""
        return self._connection.handshake

    def status(self) -> EngineStatus:
        """Return what the engine does at this moment."""
        response = self._connection.unary(
            lambda channel: EngineServiceStub(channel).GetStatus, engine_pb2.GetStatusRequest()
        )
        return EngineStatus(
            engine_version=response.engine_version,
            pid=response.pid,
            uptime_seconds=response.uptime_seconds,
            resident_bytes=response.resident_bytes,
            loaded_models=tuple(loaded_from_wire(model) for model in response.loaded_models),
            running_requests=response.running_requests,
            waiting_requests=response.waiting_requests,
            answered_requests=response.answered_requests,
            worker_restarts=response.worker_restarts,
            log_path=response.log_path,
            offline=response.offline,
            idle_exit_seconds=response.idle_exit_seconds,
        )

    def prepare(self, model: str = "") -> PrepareStream:
        """Load a model ahead of the first request; empty means the default model."""
        return PrepareStream(
            self._connection.opening(
                lambda channel: EngineServiceStub(channel).PrepareModel,
                engine_pb2.PrepareModelRequest(model=text_for_wire(model)),
                _step_from_wire,
                timeout_seconds=PREPARE_TIMEOUT_SECONDS,
            )
        )

    def forget(self, project_folder: str = "") -> Forgotten:
        """Delete what was read of a project, given by its absolute folder; empty means of all."""
        response = self._connection.unary(
            lambda channel: EngineServiceStub(channel).ForgetProject,
            engine_pb2.ForgetProjectRequest(project_folder=text_for_wire(project_folder)),
        )
        return Forgotten(files=response.files, freed_bytes=response.freed_bytes)

    def shutdown(self, grace_seconds: float = 5.0) -> int:
        """Ask the engine to end once running requests are done; return its process id.

        It does not wait: `rpc.stopping.stop_engine` does, and copes with an engine that hangs.
        """
        response = self._connection.unary(
            lambda channel: EngineServiceStub(channel).Shutdown,
            engine_pb2.ShutdownRequest(grace_seconds=grace_seconds),
            idempotent=False,
        )
        return response.pid


def _step_from_wire(message: engine_pb2.PrepareModelResponse) -> PrepareStep:
    return PrepareStep(
        stage=word_from_wire(Stage, engine_pb2.Stage, "STAGE", message.stage),
        fraction=message.fraction,
        model=loaded_from_wire(message.model),
    )


def loaded_from_wire(message: engine_pb2.LoadedModel) -> LoadedModel:
    """Return what a message says of a loaded model."""
    return LoadedModel(
        model=message.model,
        stage=word_from_wire(Stage, engine_pb2.Stage, "STAGE", message.stage),
        pid=message.pid,
        context_length=message.context_length,
        threads=message.threads,
        prefill_tokens_per_second=message.prefill_tokens_per_second,
        decode_tokens_per_second=message.decode_tokens_per_second,
        fallback=message.fallback,
        slowness=_slowness_from_wire(message.slowness) if message.HasField("slowness") else None,
    )


def _slowness_from_wire(message: engine_pb2.Slowness) -> Slowness:
    return Slowness(
        suggestion_seconds=message.suggestion_seconds,
        longest_useful_seconds=message.longest_useful_seconds,
        faster_model=message.faster_model,
        faster_suggestion_seconds=message.faster_suggestion_seconds,
    )
