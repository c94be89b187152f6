"""What a client sees of an engine that answers, restarts, breaks off or is of another version."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

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
    ClientTooOld,
    EngineGone,
    EngineTooOld,
    EngineUnreachable,
    Failure,
    InvalidRequest,
    NotAllowed,
)
from rpc.figures import Figures
from rpc.stubs.limpet.v1 import chat_pb2
from tests.rpc.stand_in_engine import ChatBehaviour, StandInEngine, finished, started, text

QUESTION = [Turn(Speaker.USER, b"why?")]
DEADLINE_SECONDS = 10.0


@pytest.fixture
def engine(runtime: Path) -> Iterator[StandInEngine]:
    with StandInEngine(runtime) as engine:
        yield engine


@pytest.fixture
def limpet(engine: StandInEngine) -> Iterator[Limpet]:
    with Limpet.open("test", "1.2.3", start=False) as limpet:
        yield limpet


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


def test_a_call_with_one_answer_survives_a_restart(runtime: Path, engine: StandInEngine) -> None:
    notices: list[str] = []
    with Limpet.open("test", start=False, on_notice=notices.append) as limpet:
        assert limpet.engine.status().log_path == "first"
        engine.stop()
        with StandInEngine(runtime, run_id="second", token="token-2"):
            assert limpet.engine.status().log_path == "second"
            assert limpet.engine.handshake().run_id == "second"

    assert notices == ["The engine was restarted; the connection has been made anew."]


def test_a_request_with_effects_is_not_sent_twice(
    runtime: Path, engine: StandInEngine, limpet: Limpet
) -> None:
    engine.stop()
    with StandInEngine(runtime, run_id="second") as second:
        with pytest.raises(EngineUnreachable):
            limpet.engine.shutdown()

        assert second.shutdowns == 0


def test_a_refused_token_is_read_again_even_for_a_request_with_effects(
    runtime: Path, engine: StandInEngine, limpet: Limpet
) -> None:
    engine.stop()
    # The same socket, as the real engine has it: the old channel finds the new engine.
    second = StandInEngine(runtime, token="token-2")
    with second:
        limpet.engine.shutdown()

    assert second.shutdowns == 1


def test_a_question_on_an_idle_connection_survives_a_restart(
    runtime: Path, engine: StandInEngine, limpet: Limpet
) -> None:
    engine.stop()
    with StandInEngine(runtime, run_id="second", token="token-2"):
        assert len(list(limpet.chat.ask(QUESTION))) == 4


def test_an_answer_that_breaks_off_can_be_asked_for_again(
    runtime: Path, engine: StandInEngine, limpet: Limpet
) -> None:
    engine.chat = _waiting(steps=2)
    stream = limpet.chat.ask(QUESTION)
    assert [next(stream), next(stream)][1] == AnswerText(b"a")
    engine.stop()

    with pytest.raises(EngineGone) as caught:
        next(stream)
    with StandInEngine(runtime, run_id="second", token="token-2"):
        events = list(stream.again())

    assert events[1:3] == [AnswerText(b"Hello "), AnswerText(b"why?")]
    assert caught.value.exit_code == 3


def test_many_threads_share_one_new_connection_after_a_restart(
    runtime: Path, engine: StandInEngine, limpet: Limpet
) -> None:
    engine.stop()
    with StandInEngine(runtime, run_id="second", token="token-2") as second:
        answers: list[int] = []
        threads = [
            threading.Thread(target=lambda: answers.append(len(list(limpet.chat.ask(QUESTION)))))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE_SECONDS)

    assert answers == [4] * 6
    assert len(second.handshakes) == 1


VERSIONS: dict[str, tuple[dict[str, int], type[Failure], str]] = {
    "an engine that is too old by its endpoint file": (
        {"endpoint_revision": 0},
        EngineTooOld,
        "version 9.9.9. is older",
    ),
    "an engine that is too old by its handshake": (
        {"protocol_revision": 0},
        EngineTooOld,
        "version 9.9.9. is older",
    ),
    "an engine that has left this client behind": (
        {"protocol_revision": 7, "oldest_protocol_revision": 5},
        ClientTooOld,
        "needs protocol revision 5",
    ),
}


@pytest.mark.timeout(5)
@pytest.mark.parametrize(("versions", "kind", "sentence"), VERSIONS.values(), ids=VERSIONS)
def test_another_version_is_told_at_once(
    runtime: Path, versions: dict[str, int], kind: type[Failure], sentence: str
) -> None:
    with (
        StandInEngine(runtime, **versions),  # type: ignore[arg-type]
        pytest.raises(kind, match=sentence) as caught,
    ):
        Limpet.open("test")

    assert caught.value.advice


def test_a_newer_engine_that_still_speaks_our_protocol_is_used(runtime: Path) -> None:
    with (
        StandInEngine(runtime, protocol_revision=3, oldest_protocol_revision=1),
        Limpet.open("test") as limpet,
    ):
        assert limpet.engine.handshake().protocol_revision == 3


def test_a_token_that_the_engine_refuses_is_told(runtime: Path) -> None:
    with StandInEngine(runtime) as engine:
        engine_knows, engine.token = engine.token, "another"
        assert engine_knows != engine.token
        engine.write()
        with pytest.raises(NotAllowed, match="refused this client's token"):
            Limpet.open("test")
