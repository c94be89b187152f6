"""Loopback TCP: encrypted, with a certificate to be pinned, never on another interface."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import grpc
import pytest

from engine.daemon.loopback import LoopbackAddress, make_identity, parse_loopback
from engine.errors import UnsafeEndpoint
from rpc.stubs.limpet.v1 import engine_pb2, engine_pb2_grpc
from tests.engine.daemon.engine_process import REAL, Engine, Home


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:7000", LoopbackAddress("127.0.0.1", 7000)),
        ("127.8.9.10:0", LoopbackAddress("127.8.9.10", 0)),
        ("localhost:7000", LoopbackAddress("127.0.0.1", 7000)),
        ("[::1]:7000", LoopbackAddress("::1", 7000)),
    ],
)
def test_loopback_addresses(text: str, address: LoopbackAddress) -> None:
    assert parse_loopback(text) == address


@pytest.mark.parametrize(
    "text",
    ["", ":", "7000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:-1", "127.0.0.1:65536", "0:0:0",
     "127.0.0.1:¹", "0.0.0.0:1", "10.0.0.1:1", "[::]:1", "[::ffff:10.0.0.1]:1", "[fe80::1]:1",
     "limpet.example:1", "2130706433:1"],
)  # fmt: skip
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(UnsafeEndpoint):
        parse_loopback(text)


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    started = home.start(*REAL, "--listen", "127.0.0.1:0")
    yield started
    started.close()


def _handshake(engine: Engine, channel: grpc.Channel) -> engine_pb2.HandshakeResponse:
    with channel:
        stub = engine_pb2_grpc.EngineServiceStub(channel)
        return stub.Handshake(engine_pb2.HandshakeRequest(), metadata=engine.metadata, timeout=5)


def _pinned(engine: Engine, certificate: bytes) -> grpc.Channel:
    return grpc.secure_channel(
        engine.endpoint.address, grpc.ssl_channel_credentials(root_certificates=certificate)
    )


def test_pinned_certificate_opens(engine: Engine) -> None:
    channel = _pinned(engine, engine.endpoint.certificate.encode())
    assert _handshake(engine, channel).pid == engine.process.pid
    assert not (engine.folder / "run" / "limpet" / "engine.sock").exists()


def test_other_certificate_of_the_same_make_is_refused(engine: Engine) -> None:
    channel = _pinned(engine, make_identity("127.0.0.1").certificate)
    with pytest.raises(grpc.RpcError) as refused:
        _handshake(engine, channel)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_plain_text_gets_no_answer(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        _handshake(engine, grpc.insecure_channel(engine.endpoint.address))
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_token_is_needed_here_too(engine: Engine) -> None:
    with _pinned(engine, engine.endpoint.certificate.encode()) as channel:
        stub = engine_pb2_grpc.EngineServiceStub(channel)
        with pytest.raises(grpc.RpcError) as refused:
            stub.GetStatus(engine_pb2.GetStatusRequest(), timeout=5)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_private_key_is_nowhere_on_the_disk(engine: Engine) -> None:
    texts = [path.read_bytes() for path in engine.folder.rglob("*") if path.is_file()]
    assert any(b"BEGIN CERTIFICATE" in text for text in texts)
    assert not any(b"PRIVATE KEY" in text for text in texts)


def test_certificate_is_for_its_address_only(engine: Engine) -> None:
    host, port = engine.endpoint.address.split(":")
    context = ssl.create_default_context(cadata=engine.endpoint.certificate)
    context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection((host, int(port)), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=host) as secured,
    ):
        assert secured.version() in {"TLSv1.2", "TLSv1.3"}
    with (
        socket.create_connection((host, int(port)), timeout=5) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(raw, server_hostname="limpet.example")


def test_port_that_is_taken(home: Home) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        process = home.spawn(*REAL, "--listen", f"127.0.0.1:{port}")
        _, said = process.communicate(timeout=10)
    assert process.returncode == 3
    assert "is taken" in said
    assert not home.endpoint_path.exists()
