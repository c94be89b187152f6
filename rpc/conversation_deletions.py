"""Deletes conversations and messages, and brings them back."""

from __future__ import annotations

from collections.abc import Sequence

from rpc.connection import Connection
from rpc.conversation_records import (
    Conversation,
    Message,
    MessageRemoval,
    conversation_from_wire,
    message_from_wire,
)
from rpc.stubs.limpet.v1 import conversations_pb2 as wire
from rpc.stubs.limpet.v1.conversations_pb2_grpc import ConversationServiceStub as Stub

# A disk that is busy with something else may take long to take a message.
KEEP_TIMEOUT_SECONDS = 30.0
_PURGE_TIMEOUT_SECONDS = 3600.0


class ConversationDeletions:
    """The deletions of the engine's conversation service."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def delete(self, conversation: str) -> Conversation:
        """Put a conversation among the deleted ones, for 30 days."""
        response = self._connection.unary(
            lambda channel: Stub(channel).DeleteConversation,
            wire.DeleteConversationRequest(conversation=conversation),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return conversation_from_wire(response.conversation)

    def undelete(self, conversation: str) -> Conversation:
        """Bring a deleted conversation back."""
        response = self._connection.unary(
            lambda channel: Stub(channel).UndeleteConversation,
            wire.UndeleteConversationRequest(conversation=conversation),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return conversation_from_wire(response.conversation)

    def purge(self, conversations: Sequence[str] = ()) -> int:
        """Remove deleted conversations for good, all where none is named; return how many."""
        response = self._connection.unary(
            lambda channel: Stub(channel).PurgeConversations,
            wire.PurgeConversationsRequest(conversations=conversations),
            timeout_seconds=_PURGE_TIMEOUT_SECONDS,
        )
        return response.removed

    def delete_message(self, message: str) -> MessageRemoval:
        """Take a message and all that follows it out of its conversation, for 30 days."""
        response = self._connection.unary(
            lambda channel: Stub(channel).DeleteMessage,
            wire.DeleteMessageRequest(message=message),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
            idempotent=False,
        )
        return MessageRemoval(conversation_from_wire(response.conversation), response.removed)

    def undelete_message(self, message: str) -> Message:
        """Bring back what went with a message, and select it."""
        response = self._connection.unary(
            lambda channel: Stub(channel).UndeleteMessage,
            wire.UndeleteMessageRequest(message=message),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return message_from_wire(response.message)
