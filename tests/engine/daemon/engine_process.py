"""Starts engines in processes of their own, in a home of their own, and talks to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.rpc import status_pb2

from rpc.endpoint import Endpoint, read_endpoint
from rpc.stubs.limpet.v1 import (
    chat_pb2,
    chat_pb2_grpc,
    completion_pb2_grpc,
    engine_pb2_grpc,
    models_pb2_grpc,
)
from tests.engine.daemon.fake_engine import FOLDER_VARIABLE

REPOSITORY = Path(__file__).resolve().parents[3]
FAKE = (sys.executable, "-m", "tests.engine.daemon.fake_engine")
REAL = (sys.executable, "-m", "engine")
_DEADLINE_SECONDS = 20.0
# A channel of its own for each test: gRPC shares connections of equal targets and options.
_OPTIONS = (
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", 16 << 20),
)


def wait_until(condition: Callable[[], Any], what: str, seconds: float = _DEADLINE_SECONDS) -> Any:
    """Return the first true value of `condition`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain for: {what}"
        time.sleep(0.005)
    return value


def status_of(error: grpc.RpcError) -> status_pb2.Status:
    """Return the status with details that came with an error."""
    trailers: Any = error.trailing_metadata() or ()
    packed = dict(trailers)["grpc-status-details-bin"]
    assert isinstance(packed, bytes)
    return status_pb2.Status.FromString(packed)


@dataclass
class Home:
    """A folder with all of an engine's places in it, and the engines started there."""

    folder: Path
    environment: dict[str, str]
    umask: int = -1
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def runtime(self) -> Path:
        return self.folder / "run" / "limpet"

    @property
    def log(self) -> Path:
        return self.folder / "state" / "limpet" / "engine.log"

    @property
    def endpoint_path(self) -> Path:
        return self.runtime / "endpoint.json"

    def endpoint(self) -> Endpoint | None:
        return read_endpoint(self.endpoint_path)

    def spawn(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        """Start a command without waiting for anything."""
        process = subprocess.Popen(
            command or FAKE,
            cwd=REPOSITORY,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=self.umask,
        )
        self.processes.append(process)
        return process

    def start(self, *command: str, **variables: str) -> Engine:
        """Start an engine and wait until it serves."""
        process = self.spawn(*command, **variables)

        def serving() -> Endpoint | None:
            assert process.poll() is None, f"the engine ended: {process.communicate()}"
            endpoint = self.endpoint()
            return endpoint if endpoint is not None and endpoint.pid == process.pid else None

        endpoint = wait_until(serving, "an endpoint file")
        return Engine(process, endpoint, self.folder)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=_DEADLINE_SECONDS)
        shutil.rmtree(self.folder)


@dataclass
class Engine:
    """A running engine and a channel to it."""

    process: subprocess.Popen[str]
    endpoint: Endpoint
    folder: Path
    channels: list[grpc.Channel] = field(default_factory=list)

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.endpoint.token}"), ("limpet-client", "test"))

    def channel(self) -> grpc.Channel:
        if not self.channels:
            self.channels.append(grpc.insecure_channel(self.endpoint.address, _OPTIONS))
        return self.channels[0]

    def engine(self) -> engine_pb2_grpc.EngineServiceStub:
        return engine_pb2_grpc.EngineServiceStub(self.channel())

    def models(self) -> models_pb2_grpc.ModelServiceStub:
        return models_pb2_grpc.ModelServiceStub(self.channel())

    def completion(self) -> completion_pb2_grpc.CompletionServiceStub:
        return completion_pb2_grpc.CompletionServiceStub(self.channel())

    def chat(self, text: str | bytes) -> Any:
        """Ask the fake chat; the stream of its answer."""
        content = text.encode() if isinstance(text, str) else text
        turn = chat_pb2.Turn(role=chat_pb2.ROLE_USER, content=content)
        stub = chat_pb2_grpc.ChatServiceStub(self.channel())
        return stub.Chat(
            chat_pb2.ChatRequest(turns=[turn]), metadata=self.metadata, timeout=_DEADLINE_SECONDS
        )

    def held_chat(self) -> Any:
        """Begin an answer that goes on until `release`; return its stream, surely begun."""
        stream = self.chat("hold")
        next(stream)
        wait_until((self.folder / "begun").exists, "the answer's begin")
        return stream

    def release(self) -> None:
        (self.folder / "release").touch()

    def end(self, seconds: float = _DEADLINE_SECONDS) -> tuple[int, str]:
        """Wait for the engine's end; its exit code and what it said on stderr."""
        _, said = self.process.communicate(timeout=seconds)
        self.close()
        return self.process.returncode, said

    def close(self) -> None:
        for channel in self.channels:
            channel.close()
        self.channels.clear()


@contextmanager
def temporary_home() -> Iterator[Home]:
    """A home in a folder with a short name, for the socket's sake."""
    folder = Path(tempfile.mkdtemp(prefix="limpet-"))
    places = {
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
        "XDG_CACHE_HOME": "cache",
        "XDG_RUNTIME_DIR": "run",
    }
    environment = {name: value for name, value in os.environ.items() if "LIMPET" not in name}
    environment |= {variable: str(folder / name) for variable, name in places.items()}
    environment |= {"HOME": str(folder), FOLDER_VARIABLE: str(folder), "TMPDIR": str(folder)}
    home = Home(folder, environment)
    try:
        yield home
    finally:
        home.close()
