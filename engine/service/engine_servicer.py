"""Questions about the engine itself on the wire, and its end."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from engine.errors import InvalidInput
from engine.service.client_name import clean_client_name
from engine.service.loaded_model_message import STAGES, loaded_model_message
from engine.service.request_ledger import RequestLedger
from engine.service.resident_memory import resident_bytes
from engine.service.seams import LoadedModels
from engine.service.streams import closing
from engine.settings import Settings
from rpc.endpoint import OLDEST_PROTOCOL_REVISION, PROTOCOL_REVISION
from rpc.stubs.limpet.v1 import engine_pb2, engine_pb2_grpc

_LONGEST_GRACE_SECONDS = 3600.0


class EngineServicer(engine_pb2_grpc.EngineServiceServicer):
    """The service `limpet.v1.EngineService`."""

    def __init__(
        self,
        *,
        models: LoadedModels,
        ledger: RequestLedger,
        settings: Settings,
        version: str,
        run_id: str,
        log_path: str,
        stop: Callable[[float], None],
        logger: logging.Logger,
    ) -> None:
        self._models = models
        self._ledger = ledger
        self._settings = settings
        self._version = version
        self._run_id = run_id
        self._log_path = log_path
        self._stop = stop
        self._logger = logger
        self._began = time.monotonic()

    async def Handshake(
        self, request: engine_pb2.HandshakeRequest, context: Any
    ) -> engine_pb2.HandshakeResponse:
        """Tell the versions; the client decides whether they suit it."""
        fields = {
            "client": clean_client_name(request.client_name),
            "client_version": clean_client_name(request.client_version),
            "client_revision": request.protocol_revision,
        }
        self._logger.info("handshake", extra={"fields": fields})
        return engine_pb2.HandshakeResponse(
            engine_version=self._version,
            protocol_revision=PROTOCOL_REVISION,
            oldest_protocol_revision=OLDEST_PROTOCOL_REVISION,
            pid=os.getpid(),
            run_id=self._run_id,
        )

    async def GetStatus(
        self, request: engine_pb2.GetStatusRequest, context: Any
    ) -> engine_pb2.GetStatusResponse:
        """Tell what the engine does."""
        states = self._models.states()
        pids = (os.getpid(), *(state.pid for state in states if state.pid))
        return engine_pb2.GetStatusResponse(
            engine_version=self._version,
            pid=os.getpid(),
            uptime_seconds=time.monotonic() - self._began,
            resident_bytes=await resident_bytes(pids),
            loaded_models=[loaded_model_message(state) for state in states],
            running_requests=sum(state.running_requests for state in states),
            waiting_requests=sum(state.waiting_requests for state in states),
            answered_requests=self._ledger.answered,
            worker_restarts=sum(state.restarts for state in states),
            log_path=self._log_path,
            offline=self._settings.offline,
            idle_exit_seconds=self._settings.idle_exit_seconds,
        )

    async def PrepareModel(
        self, request: engine_pb2.PrepareModelRequest, context: Any
    ) -> AsyncIterator[engine_pb2.PrepareModelResponse]:
        """Load a model."""
        async with closing(self._models.prepare(request.model or "default")) as states:
            async for state in states:
                yield engine_pb2.PrepareModelResponse(
                    stage=STAGES[state.stage],
                    fraction=state.fraction,
                    model=loaded_model_message(state),
                )

    async def ForgetProject(
        self, request: engine_pb2.ForgetProjectRequest, context: Any
    ) -> engine_pb2.ForgetProjectResponse:
        """Delete what was read of a project."""
        folder = request.project_folder
        if folder and (not os.path.isabs(folder) or "\0" in folder):  # noqa: PTH117 - no file yet
            raise InvalidInput("The folder of a project must be absolute.")
        forgotten = await self._models.forget(folder)
        return engine_pb2.ForgetProjectResponse(files=forgotten.states, freed_bytes=forgotten.bytes)

    async def Shutdown(
        self, request: engine_pb2.ShutdownRequest, context: Any
    ) -> engine_pb2.ShutdownResponse:
        """Begin the engine's end."""
        grace = request.grace_seconds
        if not math.isfinite(grace) or grace < 0:
            raise InvalidInput("The grace time must be a number of seconds, 0 or more.")
        self._stop(min(grace, _LONGEST_GRACE_SECONDS))
        return engine_pb2.ShutdownResponse(pid=os.getpid())
