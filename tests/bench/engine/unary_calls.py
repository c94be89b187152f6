"""Measures unary calls over the engine's Unix socket: blocking ones, and ones in an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import grpc

from rpc.link import Link
from rpc.stubs.limpet.v1 import engine_pb2
from rpc.stubs.limpet.v1.engine_pb2_grpc import EngineServiceStub
from tests.bench.engine.bench_home import BenchHome
from tests.bench.engine.figures import Effort, Limit, Row, percentile, row

if TYPE_CHECKING:  # it exists for type checkers only
    from rpc.stubs.limpet.v1.engine_pb2_grpc import EngineServiceAsyncStub

_ROUNDS = 10
_CALLS = 2000
_WARM_UP_CALLS = 200
_DEADLINE_SECONDS = 10.0


def measure_unary_calls(home: BenchHome, effort: Effort) -> list[Row]:
    """Take the median and the 99th percentile of 2,000 calls, in each of several rounds."""
    blocking: list[list[float]] = []
    looping: list[list[float]] = []
    status: list[list[float]] = []
    with home.engine() as engine:
        link = engine.client.connection.link
        for _ in range(effort.rounds(_ROUNDS)):
            blocking.append(_blocking_calls(link))
            looping.append(asyncio.run(_calls_in_a_loop(link)))
            status.append(_status_calls(link))
    limit = Limit(1.0)
    return [
        row("rpc-p50", "unary RPC, p50 of 2,000", "ms", _each(blocking, 50), limit),
        row("rpc-p99", "unary RPC, p99 of 2,000", "ms", _each(blocking, 99)),
        row("rpc-loop-p50", "the same in an event loop, p50", "ms", _each(looping, 50), limit),
        row("rpc-loop-p99", "the same in an event loop, p99", "ms", _each(looping, 99)),
        row("rpc-status-p50", "engine status, p50 of 2,000", "ms", _each(status, 50), limit),
    ]


def _each(rounds: list[list[float]], percent: int) -> list[float]:
    return [percentile(samples, percent) for samples in rounds]


def _blocking_calls(link: Link) -> list[float]:
    call = EngineServiceStub(link.channel).Handshake
    request = engine_pb2.HandshakeRequest(client_name="bench", protocol_revision=1)
    return _timed(lambda: call(request, timeout=_DEADLINE_SECONDS, metadata=link.metadata))


def _status_calls(link: Link) -> list[float]:
    call = EngineServiceStub(link.channel).GetStatus
    request = engine_pb2.GetStatusRequest()
    return _timed(lambda: call(request, timeout=_DEADLINE_SECONDS, metadata=link.metadata))


def _timed(call: Callable[[], object]) -> list[float]:
    samples = []
    for _ in range(_WARM_UP_CALLS + _CALLS):
        begun = time.perf_counter()
        call()
        samples.append(1000 * (time.perf_counter() - begun))
    return samples[_WARM_UP_CALLS:]


async def _calls_in_a_loop(link: Link) -> list[float]:
    request = engine_pb2.HandshakeRequest(client_name="bench", protocol_revision=1)
    samples = []
    async with grpc.aio.insecure_channel(link.endpoint.address) as channel:
        stub: EngineServiceAsyncStub = EngineServiceStub(channel)
        for _ in range(_WARM_UP_CALLS + _CALLS):
            begun = time.perf_counter()
            await stub.Handshake(request, timeout=_DEADLINE_SECONDS, metadata=link.metadata)
            samples.append(1000 * (time.perf_counter() - begun))
    return samples[_WARM_UP_CALLS:]
