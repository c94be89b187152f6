"""No method answers without exactly one right token, whatever the method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2

from rpc.stubs.limpet.v1 import (
    chat_pb2,
    completion_pb2,
    conversations_pb2,
    engine_pb2,
    models_pb2,
    review_pb2,
)
from tests.engine.daemon.engine_process import Engine, status_of, temporary_home

Metadata = tuple[tuple[str, str], ...]


def _methods() -> Iterator[str]:
    for file in (
        engine_pb2,
        completion_pb2,
        chat_pb2,
        conversations_pb2,
        models_pb2,
        review_pb2,
        health_pb2,
    ):
        for service in file.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                yield f"/{service.full_name}/{method.name}"
    yield "/limpet.v1.EngineService/NoSuchMethod"
    yield "/no.such.Service/Method"


METHODS = tuple(_methods())

# The right token, and one of an earlier run, in; what is sent, out.
WRONG: dict[str, Callable[[str, str], Metadata]] = {
    "none": lambda right, old: (),
    "wrong": lambda right, old: (("authorization", "Bearer " + "x" * len(right)),),
    "empty": lambda right, old: (("authorization", ""),),
    "scheme only": lambda right, old: (("authorization", "Bearer "),),
    "no scheme": lambda right, old: (("authorization", right),),
    "other scheme": lambda right, old: (("authorization", f"Basic {right}"),),
    "twice": lambda right, old: (("authorization", f"Bearer {right}"),) * 2,
    "right and wrong": lambda right, old: (
        ("authorization", f"Bearer {right}"),
        ("authorization", "Bearer no"),
    ),
    "cut": lambda right, old: (("authorization", f"Bearer {right[:-1]}"),),
    "longer": lambda right, old: (("authorization", f"Bearer {right}x"),),
    "other entry": lambda right, old: (("authentication", f"Bearer {right}"),),
    "old": lambda right, old: (("authorization", f"Bearer {old}"),),
}


@pytest.fixture(scope="module")
def old_token() -> Iterator[str]:
    """The token of an earlier run."""
    with temporary_home() as home:
        first = home.start()
        first.close()
        yield first.endpoint.token


def _call(engine: Engine, method: str, metadata: Metadata) -> None:
    """Call any method with an empty request, and read its answer to the end."""
    call: Any = engine.channel().unary_stream(
        method, request_serializer=lambda _: b"", response_deserializer=lambda data: data
    )
    list(call(None, metadata=metadata, timeout=10))


def test_the_matrix_knows_all_services() -> None:
    assert {method.split("/")[1] for method in METHODS} >= {
        "limpet.v1.EngineService",
        "limpet.v1.CompletionService",
        "limpet.v1.ChatService",
        "limpet.v1.ConversationService",
        "limpet.v1.ModelService",
        "limpet.v1.ReviewService",
        "grpc.health.v1.Health",
    }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", WRONG)
def test_without_the_token_nothing_is_answered(
    engine: Engine, old_token: str, kind: str, method: str
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        _call(engine, method, WRONG[kind](engine.endpoint.token, old_token))
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


# Without the one that ends the engine and the one that never ends itself; other tests call them.
CALLABLE = [method for method in METHODS if not method.endswith(("/Shutdown", "/Watch"))]


@pytest.mark.parametrize("method", CALLABLE)
def test_with_the_token_the_method_is_reached(engine: Engine, method: str) -> None:
    try:
        _call(engine, method, engine.metadata)
    except grpc.RpcError as error:
        assert error.code() is not grpc.StatusCode.UNAUTHENTICATED  # noqa: PT017


def test_refusal_says_what_to_do(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        _call(engine, METHODS[0], ())
    status = status_of(refused.value)
    information = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(information)
    assert (information.domain, information.reason) == ("limpet", "TOKEN_REFUSED")


def test_large_message_of_a_stranger_is_not_read(engine: Engine) -> None:
    call: Any = engine.channel().unary_unary("/limpet.v1.CompletionService/Complete")
    with pytest.raises(grpc.RpcError) as refused:
        call(b"x" * (64 << 20), timeout=10)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
