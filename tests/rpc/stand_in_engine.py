"""An engine within the test, for behaviour that the real one cannot be made to show."""

# ruff: noqa: N802 - gRPC's methods have gRPC's names

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import grpc

from rpc.endpoint import PROTOCOL_REVISION, Endpoint, write_endpoint
from rpc.stubs.limpet.v1 import chat_pb2, engine_pb2
from rpc.stubs.limpet.v1.chat_pb2_grpc import ChatServiceServicer, add_ChatServiceServicer_to_server
from rpc.stubs.limpet.v1.engine_pb2_grpc import (
    EngineServiceServicer,
    add_EngineServiceServicer_to_server,
)

ChatBehaviour = Callable[
    [chat_pb2.ChatRequest, grpc.ServicerContext], Iterator[chat_pb2.ChatResponse]
]


def started() -> chat_pb2.ChatResponse:
    return chat_pb2.ChatResponse(
        started=chat_pb2.ChatStarted(prompt_tokens=7, context_length=4096, dropped_turns=1)
    )


def text(content: bytes) -> chat_pb2.ChatResponse:
    return chat_pb2.ChatResponse(text=content)


def finished() -> chat_pb2.ChatResponse:
    done = chat_pb2.ChatFinished(end=chat_pb2.ANSWER_END_COMPLETE)
    done.figures.generated_tokens = 2
    done.figures.model = "scripted"
    return chat_pb2.ChatResponse(finished=done)


def _whole_answer(
    request: chat_pb2.ChatRequest, context: grpc.ServicerContext
) -> Iterator[chat_pb2.ChatResponse]:
    yield started()
    yield text(b"Hello ")
    yield text(request.turns[-1].content)
    yield finished()


@dataclass
class StandInEngine(EngineServiceServicer, ChatServiceServicer):
    """Serves on a Unix socket of its own and writes the endpoint file, as the engine does."""

    runtime: Path
    run_id: str = "first"
    token: str = "token-1"
    protocol_revision: int = PROTOCOL_REVISION
    oldest_protocol_revision: int = 1
    endpoint_revision: int = PROTOCOL_REVISION
    chat: ChatBehaviour = _whole_answer
    handshakes: list[engine_pb2.HandshakeRequest] = field(default_factory=list)
    shutdowns: int = 0
    call_over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(8)
        self._server = grpc.server(self._pool, interceptors=[_Gate(self.token)])
        add_EngineServiceServicer_to_server(self, self._server)
        add_ChatServiceServicer_to_server(self, self._server)

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(
            address=f"unix:{self.runtime}/{self.run_id}.sock",
            token=self.token,
            pid=os.getpid(),
            run_id=self.run_id,
            engine_version="9.9.9",
            protocol_revision=self.endpoint_revision,
        )

    def __enter__(self) -> Self:
        self._server.add_insecure_port(self.endpoint.address)
        self._server.start()
        self.write()
        return self

    def write(self) -> None:
        write_endpoint(self.endpoint)

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.call_over.set()
        self._server.stop(grace=None).wait()
        self._pool.shutdown()

    def Handshake(
        self, request: engine_pb2.HandshakeRequest, context: grpc.ServicerContext
    ) -> engine_pb2.HandshakeResponse:
        self.handshakes.append(request)
        return engine_pb2.HandshakeResponse(
            engine_version="9.9.9",
            protocol_revision=self.protocol_revision,
            oldest_protocol_revision=self.oldest_protocol_revision,
            pid=os.getpid(),
            run_id=self.run_id,
        )

    def GetStatus(
        self, request: engine_pb2.GetStatusRequest, context: grpc.ServicerContext
    ) -> engine_pb2.GetStatusResponse:
        return engine_pb2.GetStatusResponse(engine_version="9.9.9", log_path=self.run_id)

    def PrepareModel(
        self, request: engine_pb2.PrepareModelRequest, context: grpc.ServicerContext
    ) -> Iterator[engine_pb2.PrepareModelResponse]:
        yield engine_pb2.PrepareModelResponse(stage=engine_pb2.STAGE_LOADING, fraction=0.5)
        ready = engine_pb2.LoadedModel(model=request.model, stage=engine_pb2.STAGE_READY)
        yield engine_pb2.PrepareModelResponse(stage=engine_pb2.STAGE_READY, model=ready)

    def ForgetProject(
        self, request: engine_pb2.ForgetProjectRequest, context: grpc.ServicerContext
    ) -> engine_pb2.ForgetProjectResponse:
        return engine_pb2.ForgetProjectResponse()

    def Shutdown(
        self, request: engine_pb2.ShutdownRequest, context: grpc.ServicerContext
    ) -> engine_pb2.ShutdownResponse:
        self.shutdowns += 1
        return engine_pb2.ShutdownResponse(pid=os.getpid())

    def Chat(
        self, request: chat_pb2.ChatRequest, context: grpc.ServicerContext
    ) -> Iterator[chat_pb2.ChatResponse]:
        context.add_callback(self.call_over.set)
        yield from self.chat(request, context)


class _Gate(grpc.ServerInterceptor):
    """Refuses every other token."""

    def __init__(self, token: str) -> None:
        self._expected = ("authorization", f"Bearer {token}")

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        if self._expected in [tuple(entry) for entry in details.invocation_metadata]:
            return continuation(details)
        return grpc.unary_unary_rpc_method_handler(_refuse)


def _refuse(_request: object, context: grpc.ServicerContext) -> None:
    context.abort(grpc.StatusCode.UNAUTHENTICATED, "no")
