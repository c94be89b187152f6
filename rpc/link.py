"""One channel to one run of the engine, opened by a version handshake."""

from __future__ import annotations

import os
from dataclasses import dataclass

import grpc
import msgspec

from rpc.endpoint import (
    CLIENT_NAME_HEADER,
    OLDEST_PROTOCOL_REVISION,
    PROTOCOL_REVISION,
    Endpoint,
)
from rpc.enumerations import text_for_wire
from rpc.failure_conversion import failure_from_call
from rpc.failures import ClientTooOld, DeadlinePassed, EngineTooOld, Failure, NotAllowed
from rpc.patience import Patience
from rpc.stubs.limpet.v1 import engine_pb2
from rpc.stubs.limpet.v1.engine_pb2_grpc import EngineServiceStub

MAX_MESSAGE_BYTES = 16 << 20

_CHANNEL_OPTIONS: tuple[tuple[str, int], ...] = (
    # The engine is on this machine: a proxy that the environment names has no business here.
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    # Retries are ours: only we know which requests may be sent twice.
    ("grpc.enable_retries", 0),
    # A new channel to a path whose engine has been restarted must not inherit the waiting time
    # of the old one's failed attempts.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 100),
)


class Client(msgspec.Struct, frozen=True):
    """Who calls, as the engine shows it in its status and logs."""

    name: str
    version: str = ""


class Handshake(msgspec.Struct, frozen=True):
    """The engine's side of the version handshake; `run_id` differs at every start."""

    engine_version: str
    protocol_revision: int
    oldest_protocol_revision: int
    pid: int
    run_id: str


@dataclass(frozen=True)
class Link:
    """An open channel; `metadata` goes with every call."""

    endpoint: Endpoint
    channel: grpc.Channel
    handshake: Handshake
    client: Client
    patience: Patience

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The token, as the engine wants it on each call, and this client's name for its log."""
        printable = "".join(sign for sign in self.client.name if " " <= sign <= "~")
        return (
            ("authorization", f"Bearer {self.endpoint.token}"),
            (CLIENT_NAME_HEADER, printable),
        )

    def answers(self) -> bool:
        """Tell whether the engine still answers at all; False means that it hangs."""
        try:
            _shake_hands(self.channel, self.endpoint, self.client, self.patience)
        except DeadlinePassed:
            return False
        except Failure:
            # It is gone or refuses us: a running stream ends by itself and says so better.
            return True
        return True

    def close(self) -> None:
        """Close the channel; calls that still run are cancelled."""
        self.channel.close()


def open_link(endpoint: Endpoint, client: Client, patience: Patience) -> Link:
    """Connect to `endpoint` and exchange versions.

    Raises EngineUnreachable, DeadlinePassed, NotAllowed, EngineTooOld, ClientTooOld.
    """
    if endpoint.protocol_revision < OLDEST_PROTOCOL_REVISION:
        raise _engine_too_old(endpoint.engine_version)
    channel = _open_channel(endpoint)
    try:
        handshake = _shake_hands(channel, endpoint, client, patience)
        _check_versions(handshake, client)
    except BaseException:
        channel.close()
        raise
    return Link(endpoint, channel, handshake, client, patience)


def _open_channel(endpoint: Endpoint) -> grpc.Channel:
    # Without this, gRPC's core writes its own diagnostics over the user's terminal.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    options = list(_CHANNEL_OPTIONS)
    if endpoint.certificate:
        credentials = grpc.ssl_channel_credentials(endpoint.certificate.encode("ascii"))
        return grpc.secure_channel(endpoint.address, credentials, options)
    if not endpoint.address.startswith("unix:"):
        raise NotAllowed(
            "The engine's endpoint is neither a Unix socket nor protected by a certificate, "
            "so that the token would travel in the clear."
        )
    return grpc.insecure_channel(endpoint.address, options)


def _shake_hands(
    channel: grpc.Channel, endpoint: Endpoint, client: Client, patience: Patience
) -> Handshake:
    request = engine_pb2.HandshakeRequest(
        client_name=text_for_wire(client.name),
        client_version=text_for_wire(client.version),
        protocol_revision=PROTOCOL_REVISION,
    )
    try:
        response = EngineServiceStub(channel).Handshake(
            request,
            timeout=patience.handshake_seconds,
            metadata=(("authorization", f"Bearer {endpoint.token}"),),
        )
    except grpc.RpcError as error:
        failure = failure_from_call(error)
        if isinstance(failure, DeadlinePassed):
            raise DeadlinePassed(
                f"The engine (process {endpoint.pid}) did not answer within "
                f"{patience.handshake_seconds:g} seconds.",
                advice="It seems to hang: run `limpet engine restart`.",
            ) from error
        raise failure from error
    return Handshake(
        engine_version=response.engine_version,
        protocol_revision=response.protocol_revision,
        oldest_protocol_revision=response.oldest_protocol_revision,
        pid=response.pid,
        run_id=response.run_id,
    )


def _check_versions(handshake: Handshake, client: Client) -> None:
    if handshake.protocol_revision < OLDEST_PROTOCOL_REVISION:
        raise _engine_too_old(handshake.engine_version)
    if handshake.oldest_protocol_revision > PROTOCOL_REVISION:
        raise ClientTooOld(
            f"The running engine (version {handshake.engine_version}) needs protocol revision "
            f"{handshake.oldest_protocol_revision} or newer; this client"
            f"{f' (version {client.version})' if client.version else ''} speaks "
            f"{PROTOCOL_REVISION}."
        )


def _engine_too_old(engine_version: str) -> EngineTooOld:
    return EngineTooOld(
        f"The running engine (version {engine_version}) is older than this client can talk to."
    )
