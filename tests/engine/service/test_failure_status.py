"""Failures on the wire: one status each, with details that come back whole."""

from __future__ import annotations

import inspect
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from engine import errors
from engine.service.failure_status import refusal_for
from rpc.stubs.limpet.v1 import failure_pb2
from tests.engine.daemon.engine_process import Engine, status_of

CODES = {
    "InvalidInput": grpc.StatusCode.INVALID_ARGUMENT,
    "UnreadableText": grpc.StatusCode.INVALID_ARGUMENT,
    "PositionOutsideText": grpc.StatusCode.INVALID_ARGUMENT,
    "PromptTooLong": grpc.StatusCode.INVALID_ARGUMENT,
    "ModelNotFound": grpc.StatusCode.NOT_FOUND,
    "ModelUnavailable": grpc.StatusCode.FAILED_PRECONDITION,
    "ModelNotInstalled": grpc.StatusCode.FAILED_PRECONDITION,
    "ModelFileInvalid": grpc.StatusCode.FAILED_PRECONDITION,
    "ModelAltered": grpc.StatusCode.FAILED_PRECONDITION,
    "ModelLoadFailed": grpc.StatusCode.FAILED_PRECONDITION,
    "TemplateFailed": grpc.StatusCode.FAILED_PRECONDITION,
    "StoreFailure": grpc.StatusCode.FAILED_PRECONDITION,
    "DownloadFailed": grpc.StatusCode.FAILED_PRECONDITION,
    "NetworkUnavailable": grpc.StatusCode.FAILED_PRECONDITION,
    "DiskFull": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "StoreReadOnly": grpc.StatusCode.FAILED_PRECONDITION,
    "StoreBusy": grpc.StatusCode.FAILED_PRECONDITION,
    "DownloadCancelled": grpc.StatusCode.CANCELLED,
    "LicenceNotAccepted": grpc.StatusCode.FAILED_PRECONDITION,
    "ConversationNotFound": grpc.StatusCode.NOT_FOUND,
    "ConversationStoreFailure": grpc.StatusCode.FAILED_PRECONDITION,
    "ConversationsBusy": grpc.StatusCode.FAILED_PRECONDITION,
    "ConversationsReadOnly": grpc.StatusCode.FAILED_PRECONDITION,
    "ConversationsDamaged": grpc.StatusCode.DATA_LOSS,
    "ConversationsTooNew": grpc.StatusCode.FAILED_PRECONDITION,
    "ConversationsDiskFull": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "ConsentNeeded": grpc.StatusCode.FAILED_PRECONDITION,
    "EditFailed": grpc.StatusCode.FAILED_PRECONDITION,
    "ToolFailed": grpc.StatusCode.FAILED_PRECONDITION,
    "SandboxUnavailable": grpc.StatusCode.FAILED_PRECONDITION,
    "EngineBusy": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "WorkerDied": grpc.StatusCode.ABORTED,
    "DeadlinePassed": grpc.StatusCode.DEADLINE_EXCEEDED,
    "GenerationCancelled": grpc.StatusCode.CANCELLED,
    "EngineStopping": grpc.StatusCode.UNAVAILABLE,
    "EngineAlreadyRunning": grpc.StatusCode.FAILED_PRECONDITION,
    "UnsafeEndpoint": grpc.StatusCode.FAILED_PRECONDITION,
    "EngineError": grpc.StatusCode.FAILED_PRECONDITION,
}


def test_every_failure_has_its_code_here() -> None:
    tree = {
        name
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.EngineError)
    }
    assert tree == set(CODES)


def _failed(engine: Engine, name: str) -> tuple[grpc.StatusCode, status_pb2.Status]:
    with pytest.raises(grpc.RpcError) as failed:
        list(engine.chat(f"fail {name}"))
    return failed.value.code(), status_of(failed.value)


def _detail(status: status_pb2.Status, kind: type[Any]) -> Any:
    message = kind()
    found = [detail for detail in status.details if detail.Unpack(message)]
    return message if found else None


@pytest.mark.parametrize("name", CODES)
def test_failure_comes_over_whole(engine: Engine, name: str) -> None:
    code, status = _failed(engine, name)
    kind: type[errors.EngineError] = getattr(errors, name)
    information = _detail(status, error_details_pb2.ErrorInfo)
    advice = _detail(status, failure_pb2.Advice)
    assert code is CODES[name]
    assert status.code == code.value[0]
    assert (information.domain, information.reason) == ("limpet", kind.reason)
    assert (advice.text if advice else "") == kind.default_advice
    assert status.message


def test_overflow_names_the_parts(engine: Engine) -> None:
    overflow = _detail(_failed(engine, "PromptTooLong")[1], failure_pb2.PromptOverflow)
    assert (overflow.needed_tokens, overflow.available_tokens) == (9000, 2048)
    assert [(part.name, part.tokens) for part in overflow.parts] == [
        ("src/app.py", 8000),
        ("turn 1", 1000),
    ]


@pytest.mark.parametrize(("name", "seconds"), [("EngineBusy", 2.5), ("WorkerDied", 0.5)])
def test_retry_hint(engine: Engine, name: str, seconds: float) -> None:
    hint = _detail(_failed(engine, name)[1], error_details_pb2.RetryInfo)
    assert hint.retry_delay.ToTimedelta().total_seconds() == seconds


@pytest.mark.parametrize("text", ["x" * 5000, "界" * 5000, "a\ud800b" * 3000, "\n%" * 3000])
def test_longest_trailers_stay_below_what_clients_take(text: str) -> None:
    error = errors.PromptTooLong(
        text,
        needed_tokens=2**31,
        available_tokens=2**31,
        parts=tuple((text, 2**31) for _ in range(1000)),
        advice=text,
    )
    refused = refusal_for(error)
    status = status_pb2.Status(code=refused.code.value[0], message=refused.message)
    for detail in refused.details:
        status.details.add().Pack(detail)
    base64_bytes = len(status.SerializeToString()) * 4 / 3
    assert base64_bytes + 3 * len(refused.message.encode()) < 8000
