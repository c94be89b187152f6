"""Traffic that no honest client makes: the engine goes on answering."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from rpc.stubs.limpet.v1 import engine_pb2
from tests.engine.daemon.engine_process import Engine
from tests.engine.service.test_token_gate import CALLABLE

_FIXTURES = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _handshake(engine: Engine) -> engine_pb2.HandshakeResponse:
    return engine.engine().Handshake(
        engine_pb2.HandshakeRequest(), metadata=engine.metadata, timeout=5
    )


OURS = [method for method in CALLABLE if method.startswith("/limpet.")]
# Signs of a defect, or of an engine that is gone or hangs.
BAD_SIGNS = {
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
}
ENDLESS = {"/limpet.v1.ConversationService/WatchConversations"}
NOISE = [
    b"",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\0" * 100_000,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\xff" * 64,
]


@_FIXTURES
@given(method=some.sampled_from(OURS), message=some.binary(max_size=300))
def test_any_bytes_get_a_status(engine: Engine, method: str, message: bytes) -> None:
    call: Any = engine.channel().unary_stream(method)
    try:
        # A watch tells where it stands and then goes on until it is left.
        stream = call(message, metadata=engine.metadata, timeout=10)
        next(stream) if method in ENDLESS else list(stream)
        stream.cancel()
    except grpc.RpcError as refused:
        assert refused.code() not in BAD_SIGNS  # noqa: PT017
    assert engine.process.poll() is None


@pytest.mark.parametrize("noise", NOISE)
def test_noise_on_the_socket(engine: Engine, noise: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(engine.endpoint.address.removeprefix("unix:"))
        try:
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the engine was quicker to close it
    assert _handshake(engine).pid == engine.process.pid


def test_large_metadata_is_refused(engine: Engine) -> None:
    entries = (*engine.metadata, ("padding", "x" * 100_000))
    with pytest.raises(grpc.RpcError):
        engine.engine().GetStatus(engine_pb2.GetStatusRequest(), metadata=entries, timeout=5)
    assert _handshake(engine).pid == engine.process.pid


@pytest.mark.slow
def test_thousands_of_idle_connections_keep_nobody_out(engine: Engine) -> None:
    """Fewer than the ten thousand that are promised, since the test's own limit is in the way."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(4000, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, count + 200)), hard))
    path = engine.endpoint.address.removeprefix("unix:")
    _handshake(engine)
    with ExitStack() as stack:
        for _ in range(count):
            connection = stack.enter_context(socket.socket(socket.AF_UNIX))
            connection.settimeout(10)
            connection.connect(path)
        times = []
        for _ in range(20):
            began = time.perf_counter()
            _handshake(engine)
            times.append(time.perf_counter() - began)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert sorted(times)[len(times) // 2] < 0.1
    assert _handshake(engine).pid == engine.process.pid
