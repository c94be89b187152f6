"""TCP on the loopback interface, for where Unix sockets will not do: encrypted, never elsewhere."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass

from engine.errors import UnsafeEndpoint

_HIGHEST_PORT = 65535
_VALID_DAYS = 3650


@dataclass(frozen=True)
class LoopbackAddress:
    """A loopback address and a port; port 0 means any that is free."""

    host: str
    port: int

    def target(self, port: int) -> str:
        """Return the gRPC target for the port that was bound."""
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"


@dataclass(frozen=True)
class Identity:
    """A private key and its self-signed certificate, both PEM."""

    private_key: bytes
    certificate: bytes


def parse_loopback(text: str) -> LoopbackAddress:
    """Return the address in `HOST:PORT`. Raises UnsafeEndpoint where it is no loopback address."""
    host, colon, port_text = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if host == "localhost":  # never looked up: a name may be made to mean anything
        host = "127.0.0.1"
    try:
        address = ipaddress.ip_address(host)
        port = int(port_text) if port_text.isascii() and port_text.isdigit() else -1
    except ValueError:
        port = -1
    if not colon or not 0 <= port <= _HIGHEST_PORT:
        raise UnsafeEndpoint(
            f"`{text}` is not an address that the engine can listen on.",
            advice="Give `127.0.0.1:PORT` or `[::1]:PORT`; port 0 takes any that is free.",
        )
    if not address.is_loopback:
        raise UnsafeEndpoint(
            f"`{text}` can be reached from other machines: the engine listens on this one only.",
            advice="Give `127.0.0.1:PORT`.",
        )
    return LoopbackAddress(str(address), port)


def make_identity(host: str) -> Identity:
    """Return a fresh key and certificate for `host`; the key never leaves this process."""
    from cryptography import x509  # noqa: PLC0415 - slow to import, and rarely needed
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "limpet engine")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A day of leeway for a clock that is set back while the engine runs.
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=_VALID_DAYS))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Identity(
        private_key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
    )
