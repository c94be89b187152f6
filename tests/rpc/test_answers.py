"""What a client sees of an engine that answers, and how it stops it."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator

import grpc
import pytest

from rpc.chat import (
    AnswerBegan,
    AnswerEnd,
    AnswerFinished,
    AnswerText,
    Attachment,
    Overflow,
    Speaker,
    Turn,
)
from rpc.client import Limpet
from rpc.engine import Stage
from rpc.failures import (
    Cancelled,
    InvalidRequest,
)
from rpc.figures import Figures
from rpc.stubs.limpet.v1 import chat_pb2
from tests.rpc.stand_in_engine import ChatBehaviour, StandInEngine, finished, started, text

QUESTION = [Turn(Speaker.USER, b"why?")]


DEADLINE_SECONDS = 10.0


def _waiting(*, steps: int, on_wait: Callable[[], object] | None = None) -> ChatBehaviour:
    """Send so many steps, then wait until the call is over."""

    def behave(
        request: chat_pb2.ChatRequest, context: grpc.ServicerContext
    ) -> Iterator[chat_pb2.ChatResponse]:
        over = threading.Event()
        context.add_callback(over.set)
        yield from [started(), text(b"a"), text(b"b")][:steps]
        if on_wait is not None:
            on_wait()
        over.wait(DEADLINE_SECONDS)

    return behave


def test_an_answer_comes_in_steps_without_any_wire_message(limpet: Limpet) -> None:
    assert list(limpet.chat.ask(QUESTION)) == [
        AnswerBegan(prompt_tokens=7, context_length=4096, dropped_turns=1),
        AnswerText(b"Hello "),
        AnswerText(b"why?"),
        AnswerFinished(AnswerEnd.COMPLETE, Figures(generated_tokens=2, model="scripted")),
    ]


def test_a_question_arrives_as_it_was_asked(engine: StandInEngine, limpet: Limpet) -> None:
    asked: list[chat_pb2.ChatRequest] = []

    def remember(
        request: chat_pb2.ChatRequest, context: grpc.ServicerContext
    ) -> Iterator[chat_pb2.ChatResponse]:
        asked.append(request)
        yield finished()

    engine.chat = remember
    list(
        limpet.chat.ask(
            [Turn(Speaker.SYSTEM, b"be short"), Turn(Speaker.USER, b"\xff?")],
            [Attachment("odd\udcff.py", b"\x00\xff", 3, 4)],
            model="small",
            max_tokens=5,
            temperature=0.0,
            seed=9,
            overflow=Overflow.DROP_OLDEST,
            language="zh",
        )
    )

    assert asked == [
        chat_pb2.ChatRequest(
            turns=[
                chat_pb2.Turn(role=chat_pb2.ROLE_SYSTEM, content=b"be short"),
                chat_pb2.Turn(role=chat_pb2.ROLE_USER, content=b"\xff?"),
            ],
            attachments=[
                chat_pb2.Attachment(
                    path="odd\ufffd\ufffd\ufffd.py",
                    content=b"\x00\xff",
                    first_line=3,
                    last_line=4,
                )
            ],
            model="small",
            max_tokens=5,
            temperature=0.0,
            seed=9,
            overflow=chat_pb2.OVERFLOW_DROP_OLDEST,
            language="zh",
        )
    ]


def test_the_handshake_names_the_client_and_is_done_once(
    engine: StandInEngine, limpet: Limpet
) -> None:
    list(limpet.chat.ask(QUESTION))
    list(limpet.chat.ask(QUESTION))

    assert [(one.client_name, one.client_version) for one in engine.handshakes] == [
        ("test", "1.2.3")
    ]
    assert limpet.engine.handshake().run_id == "first"


def test_steps_that_only_a_newer_engine_knows_are_passed_over(
    engine: StandInEngine, limpet: Limpet
) -> None:
    end = finished()
    end.finished.end = 77  # type: ignore[assignment]
    engine.chat = lambda request, context: iter([chat_pb2.ChatResponse(), end])

    (event,) = list(limpet.chat.ask(QUESTION))

    assert isinstance(event, AnswerFinished)
    assert event.end is AnswerEnd.UNSPECIFIED


def test_loading_a_model_ends_with_the_ready_one(limpet: Limpet) -> None:
    stages: list[Stage] = []

    model = limpet.engine.prepare("small").result(lambda step: stages.append(step.stage))

    assert (model.model, stages) == ("small", [Stage.LOADING, Stage.READY])


def test_cancelling_from_another_thread_stops_the_model(
    engine: StandInEngine, limpet: Limpet
) -> None:
    is_reading = threading.Event()
    engine.chat = _waiting(steps=1, on_wait=lambda: is_reading.wait(DEADLINE_SECONDS))
    stream = limpet.chat.ask(QUESTION)

    def cancel() -> None:
        is_reading.wait(DEADLINE_SECONDS)
        stream.cancel()

    other = threading.Thread(target=cancel)
    other.start()
    next(stream)
    is_reading.set()

    with pytest.raises(Cancelled):
        next(stream)

    assert engine.call_over.wait(DEADLINE_SECONDS)
    other.join(DEADLINE_SECONDS)


def test_leaving_the_block_stops_the_model(engine: StandInEngine, limpet: Limpet) -> None:
    engine.chat = _waiting(steps=1)

    with limpet.chat.ask(QUESTION) as stream:
        next(stream)

    assert engine.call_over.wait(DEADLINE_SECONDS)


def test_dropping_an_unread_answer_stops_the_model(engine: StandInEngine, limpet: Limpet) -> None:
    engine.chat = _waiting(steps=1)
    stream = limpet.chat.ask(QUESTION)
    next(stream)

    del stream
    gc.collect()

    assert engine.call_over.wait(DEADLINE_SECONDS)


def test_an_interrupt_while_waiting_stops_the_model(engine: StandInEngine, limpet: Limpet) -> None:
    is_reading = threading.Event()

    def interrupt() -> None:
        is_reading.wait(DEADLINE_SECONDS)
        os.kill(os.getpid(), signal.SIGINT)

    engine.chat = _waiting(steps=1, on_wait=interrupt)

    def read_on() -> None:
        with limpet.chat.ask(QUESTION) as stream:
            next(stream)
            is_reading.set()
            next(stream)

    with pytest.raises(KeyboardInterrupt):
        read_on()

    assert engine.call_over.wait(DEADLINE_SECONDS)


def test_closing_the_connection_cancels_what_runs(engine: StandInEngine, limpet: Limpet) -> None:
    engine.chat = _waiting(steps=1, on_wait=limpet.close)

    with pytest.raises(Cancelled):
        list(limpet.chat.ask(QUESTION))


def test_a_question_too_large_for_the_wire_is_refused(limpet: Limpet) -> None:
    with pytest.raises(InvalidRequest, match="larger than the engine accepts"):
        list(limpet.chat.ask([Turn(Speaker.USER, bytes(17 << 20))]))
