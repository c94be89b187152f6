"""A client that leaves stops the model; one whose time is over is told so."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from rpc.stubs.limpet.v1 import chat_pb2, chat_pb2_grpc, completion_pb2, engine_pb2
from tests.engine.daemon.engine_process import Engine, Home, temporary_home, wait_until


@pytest.fixture
def home() -> Iterator[Home]:
    with temporary_home() as made:
        yield made


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    started = home.start()
    yield started
    started.close()


def _running(engine: Engine) -> int:
    status = engine.engine().GetStatus(engine_pb2.GetStatusRequest(), metadata=engine.metadata)
    return status.running_requests


def _answered(engine: Engine) -> int:
    status = engine.engine().GetStatus(engine_pb2.GetStatusRequest(), metadata=engine.metadata)
    return status.answered_requests


def test_cancelled_chat_closes_the_task(engine: Engine) -> None:
    stream = engine.held_chat()
    assert _running(engine) == 1
    stream.cancel()
    wait_until((engine.folder / "closed").exists, "the task's end", 1)
    assert _running(engine) == 0


def test_cancelled_completion_closes_the_task(engine: Engine) -> None:
    stream = engine.completion().Complete(
        completion_pb2.CompleteRequest(text=b"hold"), metadata=engine.metadata
    )
    next(stream)
    stream.cancel()
    wait_until((engine.folder / "closed").exists, "the task's end", 1)


def test_who_leaves_with_the_last_message_was_answered(engine: Engine) -> None:
    request = completion_pb2.CompleteRequest(text=b"x")
    for _ in range(50):
        stream = engine.completion().Complete(request, metadata=engine.metadata)
        for response in stream:
            if response.HasField("finished"):
                stream.cancel()
                break
    wait_until(lambda: _answered(engine) == 50, "all count as answered")


def test_client_that_vanishes_closes_the_task(engine: Engine) -> None:
    engine.held_chat()
    engine.close()  # the whole channel
    wait_until((engine.folder / "closed").exists, "the task's end", 1)
    assert _running(engine) == 0


def test_client_that_reads_nothing_is_cancelled_too(engine: Engine) -> None:
    stream = engine.chat("hold")  # flow control will block the engine's writes before long
    wait_until((engine.folder / "begun").exists, "the answer's begin")
    stream.cancel()
    wait_until((engine.folder / "closed").exists, "the task's end", 1)


def test_deadline_closes_the_task_and_is_told(engine: Engine, home: Home) -> None:
    stub = chat_pb2_grpc.ChatServiceStub(engine.channel())
    turn = chat_pb2.Turn(role=chat_pb2.ROLE_USER, content=b"hold")
    stream = stub.Chat(chat_pb2.ChatRequest(turns=[turn]), metadata=engine.metadata, timeout=0.5)
    with pytest.raises(grpc.RpcError) as late:
        list(stream)
    assert late.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    wait_until((engine.folder / "closed").exists, "the task's end", 1)


def test_one_cancelled_answer_leaves_the_others_alone(engine: Engine) -> None:
    first, second = engine.held_chat(), engine.held_chat()
    first.cancel()
    wait_until((engine.folder / "closed").exists, "the first one's end", 1)
    engine.release()
    assert [step.text for step in second if step.HasField("text")][-1] == b"released"
