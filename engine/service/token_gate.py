"""Lets only calls with this run's token through, on every method, health and unknown ones too."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import grpc.aio

from engine.service.failure_status import refusal

_HEADER = "authorization"


class TokenGate(grpc.aio.ServerInterceptor):
    """Refuses calls that do not carry exactly one right `authorization` entry."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()
        # A handler for streamed requests answers before it has read any message, so a stranger
        # cannot make the engine take in a large one.
        self._refuse: Any = grpc.stream_unary_rpc_method_handler(_refuse)

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Return the method's handler, or the one that refuses."""
        if self._admits(handler_call_details.invocation_metadata):
            return await continuation(handler_call_details)
        return self._refuse

    def _admits(self, metadata: Any) -> bool:
        given = [value for key, value in metadata or () if key == _HEADER]
        if len(given) != 1:
            return False
        value = given[0].encode() if isinstance(given[0], str) else given[0]
        return hmac.compare_digest(value, self._expected)


async def _refuse(
    _requests: AsyncIterator[bytes], context: grpc.aio.ServicerContext[Any, Any]
) -> None:
    await refusal(
        grpc.StatusCode.UNAUTHENTICATED,
        reason="TOKEN_REFUSED",
        message="The call carries no valid token of this engine.",
        advice="Read the endpoint file again: the engine makes a new token at every start.",
    ).abort(context)
