"""Stands around every method: counts it, ends it with its client, tells its failure, logs it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError

from engine.errors import DeadlinePassed, EngineError, InvalidInput
from engine.service.client_name import client_name
from engine.service.failure_status import Refusal, refusal_for, refusal_for_incident
from engine.service.request_ledger import RequestLedger

_OURS = "/limpet.v1."
# Looking at the engine, or ending it, is no work: a status display must not keep it alive.
_NO_WORK = frozenset({"GetStatus", "Shutdown", "Session", "WatchConversations"})
_ANSWERS = frozenset({"Answer", "Complete", "Chat"})
_QUIET = frozenset({"GetStatus", "Handshake"})


class RequestGuard(grpc.aio.ServerInterceptor):
    """Wraps the handlers of the engine's own services; others pass unchanged."""

    def __init__(self, ledger: RequestLedger, logger: logging.Logger) -> None:
        self._ledger = ledger
        self._logger = logger

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Return the method's handler with the guard around it."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or not method.startswith(_OURS):
            return handler
        kind = method.rpartition("/")[2]
        if handler.request_streaming:
            return grpc.stream_stream_rpc_method_handler(
                self._guard_session(kind, handler),
                response_serializer=handler.response_serializer,
            )
        if handler.response_streaming:
            return grpc.unary_stream_rpc_method_handler(
                self._guard_stream(kind, handler),
                response_serializer=handler.response_serializer,
            )
        return grpc.unary_unary_rpc_method_handler(
            self._guard_unary(kind, handler),
            response_serializer=handler.response_serializer,
        )

    def _guard_unary(self, kind: str, handler: Any) -> Any:
        async def guarded(message: bytes, context: Any) -> Any:
            async with self._guarded(kind, message, context):
                return await handler.unary_unary(_parsed(handler, message), context)

        return guarded

    def _guard_stream(self, kind: str, handler: Any) -> Any:
        # A coroutine that writes, not a generator: a cancelled call is then always interrupted in
        # here, and the task's iterator is closed at once instead of by the garbage collector.
        async def guarded(message: bytes, context: Any) -> None:
            async with self._guarded(kind, message, context) as report:
                responses = handler.unary_stream(_parsed(handler, message), context)
                try:
                    async for response in responses:
                        report.last = response
                        await _write(context, response)
                finally:
                    await responses.aclose()

        return guarded

    def _guard_session(self, kind: str, handler: Any) -> Any:
        """A stream in both directions lasts as long as its editor: only what comes in is work."""

        async def guarded(messages: AsyncIterator[bytes], context: Any) -> None:
            async def requests() -> AsyncIterator[Any]:
                async for message in messages:
                    self._ledger.note_activity()
                    yield _parsed(handler, message)

            async with self._guarded(kind, b"", context):
                responses = handler.stream_stream(requests(), context)
                try:
                    async for response in responses:
                        await _write(context, response)
                finally:
                    await responses.aclose()

        return guarded

    @asynccontextmanager
    async def _guarded(self, kind: str, message: bytes, context: Any) -> AsyncIterator[_Report]:
        report = _Report(kind, client_name(context), len(message))
        is_work = kind not in _NO_WORK
        with self._ledger.work() if is_work else nullcontext():
            try:
                if is_work:
                    self._ledger.require_open()
                async with _deadline(context):
                    yield report
            except asyncio.CancelledError:
                self._note_leaving(report)
                raise
            except _ClientGone:
                self._note_leaving(report)
            except EngineError as error:
                refused = refusal_for(error)
                self._log(report, refused.reason)
                await refused.abort(context)
            except Exception as error:  # noqa: BLE001 - the edge: every defect becomes one status
                await self._incident(report, error).abort(context)
            else:
                if kind in _ANSWERS:
                    self._ledger.count_answer()
                self._log(report, "ok")

    def _note_leaving(self, report: _Report) -> None:
        """Who has the last message may leave before the call is over: that was answered."""
        if report.has_end:
            self._ledger.count_answer()
        self._log(report, "ok" if report.has_end else "cancelled")

    def _incident(self, report: _Report, error: Exception) -> Refusal:
        incident = secrets.token_hex(6)
        fields = report.fields("INTERNAL") | {"incident": incident}
        self._logger.error("incident", exc_info=error, extra={"fields": fields})
        return refusal_for_incident(incident)

    def _log(self, report: _Report, outcome: str) -> None:
        level = logging.DEBUG if report.kind in _QUIET else logging.INFO
        self._logger.log(level, "request", extra={"fields": report.fields(outcome)})


class _ClientGone(Exception):
    """The client went away while the engine was writing to it."""


class _Report:
    """What the log will say of a request: sizes and figures, never contents."""

    def __init__(self, kind: str, client: str, request_bytes: int) -> None:
        self.kind = kind
        self.last: Any = None
        self._client = client
        self._request_bytes = request_bytes
        self._began = time.monotonic()

    @property
    def has_end(self) -> bool:
        """Whether the last message so far is the end of an answer."""
        is_answer = self.kind in _ANSWERS and self.last is not None
        return is_answer and bool(self.last.HasField("finished"))

    def fields(self, outcome: str) -> dict[str, object]:
        """Return the line's fields."""
        fields: dict[str, object] = {
            "kind": self.kind,
            "client": self._client,
            "request_bytes": self._request_bytes,
            "outcome": outcome,
            "milliseconds": round((time.monotonic() - self._began) * 1000, 1),
        }
        if self.has_end:
            figures = self.last.finished.figures
            fields |= {
                descriptor.name: _rounded(value) for descriptor, value in figures.ListFields()
            }
        return fields


def _rounded(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


def _parsed(handler: Any, message: bytes) -> Any:
    """Return the request in a message. Parsed here, so that a broken one gets a proper status."""
    try:
        return handler.request_deserializer(message)
    except DecodeError as trouble:
        raise InvalidInput("The message is not one of this method's requests.") from trouble


async def _write(context: Any, response: Any) -> None:
    try:
        await context.write(response)
    except grpc.aio.BaseError as trouble:
        raise _ClientGone from trouble


@asynccontextmanager
async def _deadline(context: Any) -> AsyncIterator[None]:
    """Interrupt the block when the client's time is over. Raises DeadlinePassed."""
    remaining = context.time_remaining()
    try:
        async with asyncio.timeout(remaining) as timeout:
            yield
    except TimeoutError:
        if not timeout.expired():
            raise
        raise DeadlinePassed(
            "The request's time ran out before the answer was complete.",
            advice="Allow more time, or ask for less.",
        ) from None
