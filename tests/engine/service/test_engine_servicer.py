"""The engine about itself: versions, status, preparation, health."""

from __future__ import annotations

import os
from importlib import metadata
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from rpc.stubs.limpet.v1 import engine_pb2
from tests.engine.daemon.engine_process import Engine, Home, temporary_home


def test_handshake(engine: Engine) -> None:
    answer = engine.engine().Handshake(
        engine_pb2.HandshakeRequest(client_name="test", protocol_revision=99),
        metadata=engine.metadata,
    )
    assert answer.engine_version == metadata.version("limpet")
    assert (answer.protocol_revision, answer.oldest_protocol_revision) == (1, 1)
    assert (answer.pid, answer.run_id) == (engine.process.pid, engine.endpoint.run_id)


def test_status(home: Home, engine: Engine) -> None:
    def status() -> engine_pb2.GetStatusResponse:
        return engine.engine().GetStatus(engine_pb2.GetStatusRequest(), metadata=engine.metadata)

    before = status()
    list(engine.chat("hello"))
    after = status()
    assert after.answered_requests == before.answered_requests + 1
    assert after.uptime_seconds > before.uptime_seconds > 0
    assert after.pid == engine.process.pid
    assert after.log_path == str(home.log)
    assert after.idle_exit_seconds == 1800
    (model,) = after.loaded_models
    assert (model.model, model.stage, model.context_length) == (
        "fake",
        engine_pb2.STAGE_READY,
        2048,
    )
    assert (model.threads, model.prefill_tokens_per_second) == (2, 200.0)


def test_memory_is_that_of_engine_and_workers(engine: Engine) -> None:
    if not os.path.exists("/proc/self/statm"):  # noqa: PTH110
        pytest.skip("this machine has no /proc")
    status = engine.engine().GetStatus(engine_pb2.GetStatusRequest(), metadata=engine.metadata)
    page = os.sysconf("SC_PAGE_SIZE")

    def resident(pid: int) -> int:
        with open(f"/proc/{pid}/statm") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * page

    # The fake names the test run's own process as its worker.
    both = resident(engine.process.pid) + resident(os.getpid())
    assert abs(status.resident_bytes - both) < 32 << 20
    assert status.resident_bytes > resident(os.getpid())


def test_preparing_streams_to_readiness(engine: Engine) -> None:
    steps = list(
        engine.engine().PrepareModel(
            engine_pb2.PrepareModelRequest(model="small"), metadata=engine.metadata
        )
    )
    assert [(step.stage, step.fraction) for step in steps] == [
        (engine_pb2.STAGE_LOADING, 0.5),
        (engine_pb2.STAGE_READY, 1.0),
    ]
    assert steps[-1].model.model == "small"


def test_preparing_without_a_name_means_the_default(engine: Engine) -> None:
    steps = list(
        engine.engine().PrepareModel(engine_pb2.PrepareModelRequest(), metadata=engine.metadata)
    )
    assert steps[-1].model.model == "default"


def test_preparing_what_does_not_load(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        list(
            engine.engine().PrepareModel(
                engine_pb2.PrepareModelRequest(model="broken"), metadata=engine.metadata
            )
        )
    assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION


def _health(engine: Engine) -> Any:
    return health_pb2_grpc.HealthStub(engine.channel())


@pytest.mark.parametrize(
    "service",
    [
        "",
        "limpet.v1.EngineService",
        "limpet.v1.CompletionService",
        "limpet.v1.ChatService",
        "limpet.v1.ModelService",
    ],
)
def test_health_of_each_service(engine: Engine, service: str) -> None:
    stub = _health(engine)
    answer = stub.Check(
        health_pb2.HealthCheckRequest(service=service), metadata=engine.metadata, timeout=5
    )
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_health_of_an_unknown_service(engine: Engine) -> None:
    stub = _health(engine)
    with pytest.raises(grpc.RpcError) as failed:
        stub.Check(
            health_pb2.HealthCheckRequest(service="other"), metadata=engine.metadata, timeout=5
        )
    assert failed.value.code() is grpc.StatusCode.NOT_FOUND


def test_health_watch_tells_of_the_end() -> None:
    with temporary_home() as home:
        engine = home.start()
        watch = _health(engine).Watch(
            health_pb2.HealthCheckRequest(), metadata=engine.metadata, timeout=20
        )
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        engine.held_chat()
        engine.process.terminate()
        assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
        engine.release()
        assert engine.end()[0] == 0
