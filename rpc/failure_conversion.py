"""Turns a failed call into a Failure, with the details that the engine sent along."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

import grpc

from rpc.failures import (
    AnswerInterrupted,
    AnswerUnusable,
    Busy,
    Cancelled,
    ConversationNotFound,
    ConversationProblem,
    DeadlinePassed,
    DownloadProblem,
    EngineTooOld,
    EngineUnreachable,
    Failure,
    InternalFailure,
    InvalidRequest,
    ModelNotFound,
    ModelUnavailable,
    NotAllowed,
    PromptOverflow,
    ToolUnavailable,
)

DOMAIN = "limpet"
DETAILS_KEY = "grpc-status-details-bin"

# The engine's reasons (engine.errors), where the status code alone does not tell the kind.
_KINDS_BY_REASON: Mapping[str, type[Failure]] = MappingProxyType(
    {
        "INVALID_INPUT": InvalidRequest,
        "EDIT_FAILED": AnswerUnusable,
        "UNREADABLE_TEXT": InvalidRequest,
        "POSITION_OUTSIDE_TEXT": InvalidRequest,
        "PROMPT_TOO_LONG": InvalidRequest,
        "MODEL_NOT_FOUND": ModelNotFound,
        "MODEL_UNAVAILABLE": ModelUnavailable,
        "MODEL_NOT_INSTALLED": ModelUnavailable,
        "MODEL_FILE_INVALID": ModelUnavailable,
        "MODEL_ALTERED": ModelUnavailable,
        "MODEL_LOAD_FAILED": ModelUnavailable,
        "TEMPLATE_FAILED": ModelUnavailable,
        "STORE_FAILURE": DownloadProblem,
        "DOWNLOAD_FAILED": DownloadProblem,
        "NETWORK_UNAVAILABLE": DownloadProblem,
        "DISK_FULL": DownloadProblem,
        "STORE_READ_ONLY": DownloadProblem,
        "STORE_BUSY": DownloadProblem,
        "LICENCE_NOT_ACCEPTED": DownloadProblem,
        "DOWNLOAD_CANCELLED": Cancelled,
        "CONVERSATION_NOT_FOUND": ConversationNotFound,
        "CONVERSATION_STORE_FAILURE": ConversationProblem,
        "CONVERSATIONS_BUSY": ConversationProblem,
        "CONVERSATIONS_READ_ONLY": ConversationProblem,
        "CONVERSATIONS_DAMAGED": ConversationProblem,
        "CONVERSATIONS_TOO_NEW": ConversationProblem,
        "CONVERSATIONS_DISK_FULL": ConversationProblem,
        "TOOL_FAILED": ToolUnavailable,
        "SANDBOX_UNAVAILABLE": ToolUnavailable,
        "CONSENT_NEEDED": InvalidRequest,
        "ENGINE_BUSY": Busy,
        "WORKER_DIED": AnswerInterrupted,
        "DEADLINE_PASSED": DeadlinePassed,
        "GENERATION_CANCELLED": Cancelled,
    }
)

_KINDS_BY_CODE: Mapping[grpc.StatusCode, type[Failure]] = MappingProxyType(
    {
        grpc.StatusCode.INVALID_ARGUMENT: InvalidRequest,
        grpc.StatusCode.OUT_OF_RANGE: InvalidRequest,
        grpc.StatusCode.NOT_FOUND: ModelNotFound,
        grpc.StatusCode.FAILED_PRECONDITION: ModelUnavailable,
        grpc.StatusCode.RESOURCE_EXHAUSTED: Busy,
        grpc.StatusCode.ABORTED: AnswerInterrupted,
        grpc.StatusCode.DEADLINE_EXCEEDED: DeadlinePassed,
        grpc.StatusCode.CANCELLED: Cancelled,
        grpc.StatusCode.UNAVAILABLE: EngineUnreachable,
        grpc.StatusCode.UNAUTHENTICATED: NotAllowed,
        grpc.StatusCode.PERMISSION_DENIED: NotAllowed,
        grpc.StatusCode.UNIMPLEMENTED: EngineTooOld,
    }
)

# What is said when the status does not come from the engine itself but from gRPC, whose own
# words ("failed to connect to all addresses; last error: …") help nobody.
_OWN_WORDS: Mapping[type[Failure], str] = MappingProxyType(
    {
        EngineUnreachable: "The engine cannot be reached.",
        DeadlinePassed: "The engine did not answer in time.",
        Cancelled: "The request was cancelled.",
        NotAllowed: "The engine refused this client's token.",
        EngineTooOld: "The running engine does not know this request.",
    }
)


def failure_from_call(error: grpc.RpcError) -> Failure:
    """Return the failure that a failed call stands for."""
    # Every RpcError of a call is a Call, too; gRPC's types do not say so.
    call = cast("grpc.Call", error)
    code = call.code()
    text = call.details() or ""
    details = _Details.of_call(call)
    if not details.reason:
        return _failure_of_grpc(code, text)
    if details.overflow is not None:
        return PromptOverflow(
            text,
            needed_tokens=details.overflow[0],
            available_tokens=details.overflow[1],
            parts=details.overflow[2],
            advice=details.advice,
            reason=details.reason,
        )
    kind = _KINDS_BY_REASON.get(details.reason) or _KINDS_BY_CODE.get(code, InternalFailure)
    return kind(
        text,
        advice=details.advice,
        reason=details.reason,
        retry_after_seconds=details.retry_after_seconds,
    )


def failure_for_reason(reason: str, text: str, advice: str) -> Failure:
    """Return the failure that the engine names inside a stream that goes on."""
    kind = _KINDS_BY_REASON.get(reason, InternalFailure)
    return kind(text, advice=advice, reason=reason)


def _failure_of_grpc(code: grpc.StatusCode, text: str) -> Failure:
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in text:
        return InvalidRequest(
            "The request is larger than the engine accepts.",
            advice="Leave out files or turns that the question does not need.",
        )
    # gRPC reports a connection that broke at an unlucky moment as UNKNOWN.
    if code is grpc.StatusCode.UNKNOWN and "Stream removed" in text:
        code = grpc.StatusCode.UNAVAILABLE
    kind = _KINDS_BY_CODE.get(code, InternalFailure)
    if kind is InternalFailure:
        return InternalFailure(f"The engine failed ({code.name}): {text}")
    return kind(_OWN_WORDS.get(kind, text))


class _Details:
    """The google.rpc details of a status."""

    def __init__(self) -> None:
        self.reason = ""
        self.advice = ""
        self.retry_after_seconds: float | None = None
        self.overflow: tuple[int, int, tuple[tuple[str, int], ...]] | None = None

    @classmethod
    def of_call(cls, call: grpc.Call) -> _Details:
        """Read the details; what cannot be read is left out, as the status itself still speaks."""
        # Imported here: only a failure needs them, and a command starts faster without.
        from google.protobuf.message import DecodeError  # noqa: PLC0415
        from google.rpc import status_pb2  # noqa: PLC0415

        details = cls()
        for key, value in call.trailing_metadata() or ():
            if key != DETAILS_KEY or not isinstance(value, bytes):
                continue
            try:
                for packed in status_pb2.Status.FromString(value).details:
                    details._take(packed)
            except DecodeError:
                return cls()
        return details

    def _take(self, packed: object) -> None:
        from google.protobuf.any_pb2 import Any  # noqa: PLC0415
        from google.rpc import error_details_pb2  # noqa: PLC0415

        from rpc.stubs.limpet.v1 import failure_pb2  # noqa: PLC0415

        if not isinstance(packed, Any):
            return
        information = error_details_pb2.ErrorInfo()
        retry = error_details_pb2.RetryInfo()
        advice = failure_pb2.Advice()
        overflow = failure_pb2.PromptOverflow()
        if packed.Unpack(information):
            if information.domain == DOMAIN:
                self.reason = information.reason
        elif packed.Unpack(retry):
            self.retry_after_seconds = retry.retry_delay.ToTimedelta().total_seconds()
        elif packed.Unpack(advice):
            self.advice = advice.text
        elif packed.Unpack(overflow):
            parts = tuple((part.name, part.tokens) for part in overflow.parts)
            self.overflow = (overflow.needed_tokens, overflow.available_tokens, parts)
