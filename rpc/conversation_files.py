"""Carries the engine's conversations out to files and in again, and tells their size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import grpc

from rpc.connection import Connection
from rpc.conversation_records import (
    ExportFormat,
    ImportCount,
    StorageNumbers,
    import_count_from_wire,
    storage_from_wire,
)
from rpc.enumerations import name_for_wire
from rpc.failure_conversion import failure_from_call
from rpc.failures import Failure
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import conversations_pb2 as wire
from rpc.stubs.limpet.v1.conversations_pb2_grpc import ConversationServiceStub as Stub

TRANSFER_TIMEOUT_SECONDS = 3600.0


class ExportStream(Stream[bytes]):
    """A file of conversations in pieces."""


class ConversationFilesClient:
    """Exports and imports conversations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def export(
        self, conversations: Sequence[str] = (), form: ExportFormat = ExportFormat.JSON
    ) -> ExportStream:
        """Write conversations as a file, all where none is named."""
        return ExportStream(
            self._connection.opening(
                lambda channel: Stub(channel).ExportConversations,
                wire.ExportConversationsRequest(
                    conversations=conversations, format=name_for_wire(form, "EXPORT_FORMAT")
                ),
                lambda response: response.content,
                timeout_seconds=TRANSFER_TIMEOUT_SECONDS,
            )
        )

    def import_pieces(
        self,
        pieces: Iterable[bytes],
        on_progress: Callable[[ImportCount], None] | None = None,
    ) -> ImportCount:
        """Take an exported file in, JSON or Markdown; may be done again after a failure."""
        self.storage()  # makes the connection anew where the engine was restarted
        link = self._connection.link
        requests = (wire.ImportConversationsRequest(content=piece) for piece in pieces)
        count = ImportCount()
        try:
            for response in Stub(link.channel).ImportConversations(
                requests, timeout=TRANSFER_TIMEOUT_SECONDS, metadata=link.metadata
            ):
                count = import_count_from_wire(response)
                if on_progress is not None:
                    on_progress(count)
        except grpc.RpcError as error:
            failure: Failure = failure_from_call(error)
            raise failure from error
        return count

    def storage(self) -> StorageNumbers:
        """Return how much is kept, and where."""
        response = self._connection.unary(
            lambda channel: Stub(channel).GetStorage, wire.GetStorageRequest()
        )
        return storage_from_wire(response)
