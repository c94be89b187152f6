"""Turns a failure of the engine into the one gRPC status, with details, that clients get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import grpc
import grpc.aio
from google.protobuf import duration_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from engine import errors
from rpc.stubs.limpet.v1 import failure_pb2

DOMAIN = "limpet"
# Clients give up on trailers above 8 KiB by default, and the message travels twice, once of it
# percent-encoded: these limits keep the worst case below that.
_MESSAGE_BYTES = 700
_PART_NAME_BYTES = 60
_PARTS = 12

# The first class that fits decides.
_CODES: tuple[tuple[type[errors.EngineError], grpc.StatusCode], ...] = (
    (errors.InvalidInput, grpc.StatusCode.INVALID_ARGUMENT),
    (errors.ModelNotFound, grpc.StatusCode.NOT_FOUND),
    (errors.ModelUnavailable, grpc.StatusCode.FAILED_PRECONDITION),
    (errors.TemplateFailed, grpc.StatusCode.FAILED_PRECONDITION),
    (errors.DownloadCancelled, grpc.StatusCode.CANCELLED),
    (errors.DiskFull, grpc.StatusCode.RESOURCE_EXHAUSTED),
    # Not UNAVAILABLE, which a client takes for an engine that is gone.
    (errors.StoreFailure, grpc.StatusCode.FAILED_PRECONDITION),
    (errors.ConversationNotFound, grpc.StatusCode.NOT_FOUND),
    (errors.ConversationsDiskFull, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (errors.ConversationsDamaged, grpc.StatusCode.DATA_LOSS),
    (errors.ConversationStoreFailure, grpc.StatusCode.FAILED_PRECONDITION),
    (errors.EngineBusy, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (errors.WorkerDied, grpc.StatusCode.ABORTED),
    (errors.DeadlinePassed, grpc.StatusCode.DEADLINE_EXCEEDED),
    (errors.GenerationCancelled, grpc.StatusCode.CANCELLED),
    (errors.EngineStopping, grpc.StatusCode.UNAVAILABLE),
    (errors.EngineError, grpc.StatusCode.FAILED_PRECONDITION),
)


@dataclass(frozen=True)
class Refusal:
    """A gRPC status that is ready to be sent."""

    code: grpc.StatusCode
    reason: str
    message: str
    details: tuple[Message, ...]

    async def abort(self, context: grpc.aio.ServicerContext[Any, Any]) -> NoReturn:
        """End the call with this status."""
        status = status_pb2.Status(code=self.code.value[0], message=self.message)
        for detail in self.details:
            status.details.add().Pack(detail)
        await context.abort(
            self.code,
            self.message,
            (("grpc-status-details-bin", status.SerializeToString()),),
        )
        raise AssertionError("abort returned")  # grpc types do not say that it never does


def refusal(
    code: grpc.StatusCode,
    *,
    reason: str,
    message: str,
    advice: str = "",
    metadata: dict[str, str] | None = None,
    more: tuple[Message, ...] = (),
) -> Refusal:
    """Return a refusal with ErrorInfo, the advice where there is one, and `more` details."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata)
    ]
    if advice:
        details.append(failure_pb2.Advice(text=_clipped(advice, _MESSAGE_BYTES)))
    return Refusal(code, reason, _clipped(message, _MESSAGE_BYTES), (*details, *more))


def refusal_for(error: errors.EngineError) -> Refusal:
    """Return the refusal that tells `error`."""
    code = next(code for kind, code in _CODES if isinstance(error, kind))
    more: list[Message] = []
    if isinstance(error, errors.PromptTooLong):
        more.append(_overflow(error))
    if isinstance(error, errors.EngineBusy | errors.WorkerDied):
        more.append(_retry(error.retry_after_seconds))
    return refusal(
        code, reason=error.reason, message=error.message, advice=error.advice, more=tuple(more)
    )


def refusal_for_incident(incident: str) -> Refusal:
    """Return the refusal that tells of a defect, by the id under which the log has it."""
    return refusal(
        grpc.StatusCode.INTERNAL,
        reason="INTERNAL",
        message=f"The engine ran into a defect of its own (incident {incident}).",
        advice="Send the request again; if it repeats, report it with the log's lines on the "
        "incident, which hold no code (`limpet engine logs`).",
        metadata={"incident": incident},
    )


def _overflow(error: errors.PromptTooLong) -> failure_pb2.PromptOverflow:
    return failure_pb2.PromptOverflow(
        needed_tokens=error.needed_tokens,
        available_tokens=error.available_tokens,
        parts=[
            failure_pb2.PromptPart(name=_clipped(name, _PART_NAME_BYTES), tokens=tokens)
            for name, tokens in error.parts[:_PARTS]
        ],
    )


def _retry(seconds: float) -> error_details_pb2.RetryInfo:
    delay = duration_pb2.Duration()
    delay.FromNanoseconds(round(seconds * 1e9))
    return error_details_pb2.RetryInfo(retry_delay=delay)


def _clipped(text: str, limit: int) -> str:
    """Return the text with at most `limit` bytes of UTF-8, free of what a string cannot carry."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= limit:
        return encoded.decode()
    return encoded[: limit - 3].decode("utf-8", "ignore") + "…"
