"""The gRPC server: its options, its services, its gates and its end."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from engine.errors import EngineAlreadyRunning
from engine.service.action_servicer import ActionServicer
from engine.service.chat_servicer import ChatServicer
from engine.service.completion_servicer import CompletionServicer
from engine.service.conversation_servicer import ConversationServicer
from engine.service.engine_servicer import EngineServicer
from engine.service.folder_search_servicer import FolderSearchServicer
from engine.service.model_servicer import ModelServicer
from engine.service.request_guard import RequestGuard
from engine.service.request_ledger import RequestLedger
from engine.service.review_servicer import ReviewServicer
from engine.service.test_writing_servicer import TestWritingServicer
from engine.service.token_gate import TokenGate
from rpc.stubs.limpet.v1 import (
    actions_pb2,
    actions_pb2_grpc,
    chat_pb2,
    chat_pb2_grpc,
    completion_pb2,
    completion_pb2_grpc,
    conversations_pb2,
    conversations_pb2_grpc,
    engine_pb2,
    engine_pb2_grpc,
    folder_search_pb2,
    folder_search_pb2_grpc,
    models_pb2,
    models_pb2_grpc,
    review_pb2,
    review_pb2_grpc,
    test_writing_pb2,
    test_writing_pb2_grpc,
)

# One text of the largest size that is taken, and attachments beside it.
LARGEST_MESSAGE_BYTES = 16 << 20
_OPTIONS = (
    ("grpc.max_receive_message_length", LARGEST_MESSAGE_BYTES),
    ("grpc.max_send_message_length", LARGEST_MESSAGE_BYTES),
    ("grpc.max_metadata_size", 8 << 10),
    ("grpc.max_concurrent_streams", 64),
    # Else two engines could listen on one port side by side.
    ("grpc.so_reuseport", 0),
    # Clients may ask whether the connection is alive, as often as every ten seconds, also while
    # they wait for a slow answer or for nothing at all.
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_ping_strikes", 4),
)
# How long responses that are ready may take to leave when the server stops.
_FLUSH_SECONDS = 0.5


@dataclass(frozen=True)
class Servicers:
    """The engine's services."""

    engine: EngineServicer
    completion: CompletionServicer
    chat: ChatServicer
    actions: ActionServicer
    review: ReviewServicer
    test_writing: TestWritingServicer
    models: ModelServicer
    conversations: ConversationServicer
    folder_search: FolderSearchServicer


class EngineServer:
    """A server of the engine's services that is bound to one address. Made in its event loop."""

    def __init__(
        self, servicers: Servicers, *, token: str, ledger: RequestLedger, logger: logging.Logger
    ) -> None:
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(
            interceptors=(TokenGate(token), RequestGuard(ledger, logger)), options=_OPTIONS
        )
        engine_pb2_grpc.add_EngineServiceServicer_to_server(servicers.engine, self._server)
        completion_pb2_grpc.add_CompletionServiceServicer_to_server(
            servicers.completion, self._server
        )
        chat_pb2_grpc.add_ChatServiceServicer_to_server(servicers.chat, self._server)
        actions_pb2_grpc.add_ActionServiceServicer_to_server(servicers.actions, self._server)
        review_pb2_grpc.add_ReviewServiceServicer_to_server(servicers.review, self._server)
        test_writing_pb2_grpc.add_TestWritingServiceServicer_to_server(
            servicers.test_writing, self._server
        )
        models_pb2_grpc.add_ModelServiceServicer_to_server(servicers.models, self._server)
        conversations_pb2_grpc.add_ConversationServiceServicer_to_server(
            servicers.conversations, self._server
        )
        folder_search_pb2_grpc.add_FolderSearchServiceServicer_to_server(
            servicers.folder_search, self._server
        )
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)

    def bind_unix(self, path: Path) -> None:
        """Bind the socket `path`; nothing may be there. Raises EngineAlreadyRunning."""
        self._bind(f"unix:{path}", None)

    def bind_loopback(self, host: str, port: int, private_key: bytes, certificate: bytes) -> int:
        """Bind a TCP port, encrypted, and return it; 0 means any that is free.

        Raises EngineAlreadyRunning.
        """
        credentials = grpc.ssl_server_credentials([(private_key, certificate)])
        return self._bind(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", credentials)

    async def start(self) -> None:
        """Begin to answer."""
        for service in (
            engine_pb2.DESCRIPTOR.services_by_name["EngineService"],
            completion_pb2.DESCRIPTOR.services_by_name["CompletionService"],
            chat_pb2.DESCRIPTOR.services_by_name["ChatService"],
            actions_pb2.DESCRIPTOR.services_by_name["ActionService"],
            review_pb2.DESCRIPTOR.services_by_name["ReviewService"],
            test_writing_pb2.DESCRIPTOR.services_by_name["TestWritingService"],
            models_pb2.DESCRIPTOR.services_by_name["ModelService"],
            conversations_pb2.DESCRIPTOR.services_by_name["ConversationService"],
            folder_search_pb2.DESCRIPTOR.services_by_name["FolderSearchService"],
        ):
            await self._health.set(service.full_name, health_pb2.HealthCheckResponse.SERVING)
        await self._server.start()

    async def say_not_serving(self) -> None:
        """Tell the health service's callers that the end is near."""
        await self._health.enter_graceful_shutdown()

    async def stop(self) -> None:
        """Cancel what still runs and close the address."""
        await self._server.stop(_FLUSH_SECONDS)

    def _bind(self, address: str, credentials: grpc.ServerCredentials | None) -> int:
        try:
            if credentials is None:
                return self._server.add_insecure_port(address)
            return self._server.add_secure_port(address, credentials)
        except RuntimeError as trouble:
            raise EngineAlreadyRunning(
                f"The engine cannot listen on {address}: the address is taken or not allowed.",
                advice="Choose another address with `--listen`, or end what listens there.",
            ) from trouble
