"""Runs the peer with one of its configurations."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.bench.engine.bench_home import end_process, wait_for
from tests.bench.engine.figures import BenchFailure
from tests.bench.peer.server_build import PeerBuild

_CONFIGURATIONS = Path(__file__).with_name("configurations.toml")
_LOADING_SECONDS = 180.0
_HOST = "127.0.0.1"


class Configuration(msgspec.Struct, frozen=True):
    """One way to start the peer."""

    name: str
    title: str
    flags: tuple[str, ...]


class Terms(msgspec.Struct, frozen=True):
    """What both sides have in common."""

    model_file: Path
    threads: int
    context_tokens: int


class PeerServer(msgspec.Struct, frozen=True):
    """A llama-server that serves."""

    configuration: Configuration
    host: str
    port: int
    pid: int


class _Configurations(msgspec.Struct, frozen=True):
    configurations: tuple[Configuration, ...]


def configurations() -> tuple[Configuration, ...]:
    """Return the ways to start the peer."""
    document = tomllib.loads(_CONFIGURATIONS.read_text("utf-8"))
    return msgspec.convert(document, _Configurations).configurations


@contextmanager
def peer_server(
    build: PeerBuild, configuration: Configuration, terms: Terms, folder: Path
) -> Iterator[PeerServer]:
    """Run the peer until the end of the block. Raises BenchFailure where it does not start."""
    port = _free_port()
    log = folder / f"llama-server-{configuration.name}.log"
    threads = str(terms.threads)
    common = ["-m", str(terms.model_file), "-t", threads, "-tb", threads]
    common += ["-c", str(terms.context_tokens), "--host", _HOST, "--port", str(port)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(build.program), *common, "--offline", *configuration.flags],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            cwd=folder,
            env=dict(os.environ),
        )
    try:
        wait_for(lambda: _is_serving(process, port, log), "llama-server", _LOADING_SECONDS)
        yield PeerServer(configuration, _HOST, port, process.pid)
    finally:
        end_process(process)


def _is_serving(process: subprocess.Popen[bytes], port: int, log: Path) -> bool | None:
    if process.poll() is not None:
        last = log.read_text("utf-8", "replace").splitlines()[-5:]
        raise BenchFailure(
            f"llama-server ended with status {process.returncode}: " + " / ".join(last)
        )
    connection = http.client.HTTPConnection(_HOST, port, timeout=2.0)
    try:
        connection.request("GET", "/health")
        return True if connection.getresponse().status == http.HTTPStatus.OK else None
    except OSError:
        return None
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        return int(listener.getsockname()[1])
