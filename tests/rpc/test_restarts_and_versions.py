"""What a client makes of an engine that restarts, breaks off or is of another version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest

from rpc.chat import (
    AnswerText,
    Speaker,
    Turn,
)
from rpc.client import Limpet
from rpc.failures import (
    ClientTooOld,
    EngineGone,
    EngineTooOld,
    EngineUnreachable,
    Failure,
    NotAllowed,
)
from rpc.stubs.limpet.v1 import chat_pb2
from tests.rpc.stand_in_engine import ChatBehaviour, StandInEngine, started, text

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
