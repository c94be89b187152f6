"""Requests: what is refused before any task sees it, and what comes back unchanged."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2

from rpc.stubs.limpet.v1 import chat_pb2, chat_pb2_grpc, completion_pb2
from tests.engine.daemon.engine_process import Engine, status_of

USER, ASSISTANT, SYSTEM = chat_pb2.ROLE_USER, chat_pb2.ROLE_ASSISTANT, chat_pb2.ROLE_SYSTEM
TEN_MIB = 10 << 20


def _turns(*turns: tuple[Any, bytes]) -> list[chat_pb2.Turn]:
    return [chat_pb2.Turn(role=role, content=content) for role, content in turns]


HELLO = _turns((USER, b"hello"))

TOO_LARGE = chat_pb2.Attachment(path="a", content=b"x" * (TEN_MIB + 1))
BACKWARDS = chat_pb2.Attachment(path="a.py", first_line=5, last_line=2)
HALF_SAID = chat_pb2.Attachment(path="a.py", last_line=2)

BAD_CHATS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "INVALID_INPUT", "has no turn"),
    ({"turns": _turns((0, b"x"))}, "INVALID_INPUT", "who speaks"),
    ({"turns": _turns((7, b"x"))}, "INVALID_INPUT", "who speaks"),
    ({"turns": _turns((USER, b"x"), (ASSISTANT, b"y"))}, "INVALID_INPUT", "must be the user's"),
    ({"turns": _turns((SYSTEM, b"x"))}, "INVALID_INPUT", "must be the user's"),
    ({"turns": _turns((USER, b"x"), (SYSTEM, b"y"))}, "INVALID_INPUT", "only the first"),
    ({"turns": _turns((USER, b" \n"))}, "INVALID_INPUT", "is empty"),
    ({"turns": _turns((USER, b"x" * (TEN_MIB + 1)))}, "UNREADABLE_TEXT", "Turn 1 has"),
    ({"turns": HELLO, "temperature": float("nan")}, "INVALID_INPUT", "temperature is nan"),
    ({"turns": HELLO, "temperature": float("inf")}, "INVALID_INPUT", "temperature is inf"),
    ({"turns": HELLO, "temperature": -0.1}, "INVALID_INPUT", "temperature is -0.1"),
    ({"turns": HELLO, "temperature": 2.1}, "INVALID_INPUT", "temperature is 2.1"),
    ({"turns": HELLO, "overflow": 9}, "INVALID_INPUT", "overflow rule 9"),
    ({"turns": HELLO, "language": "tlh"}, "INVALID_INPUT", "language"),
    ({"turns": HELLO, "attachments": [BACKWARDS]}, "INVALID_INPUT", "lines 5 to 2"),
    ({"turns": HELLO, "attachments": [HALF_SAID]}, "INVALID_INPUT", "lines 0 to 2"),
    ({"turns": HELLO, "attachments": [TOO_LARGE]}, "UNREADABLE_TEXT", "`a` has"),
]

BAD_COMPLETIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"text": b"abc", "caret_offset": 4}, "POSITION_OUTSIDE_TEXT", "has 3 bytes"),
    ({"text": b"", "caret_offset": 2**63}, "POSITION_OUTSIDE_TEXT", "has 0 bytes"),
    ({"text": "é".encode(), "caret_offset": 1}, "POSITION_OUTSIDE_TEXT", "inside a character"),
    ({"text": b"x" * (TEN_MIB + 1)}, "UNREADABLE_TEXT", "up to 10 MiB"),
    ({"text": b"x", "extent": 9}, "INVALID_INPUT", "extent 9"),
]


def _refused(call: Any) -> tuple[str, str]:
    with pytest.raises(grpc.RpcError) as refused:
        list(call)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    status = status_of(refused.value)
    information = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(information)
    return information.reason, refused.value.details() or ""


def _chat(engine: Engine, **fields: Any) -> Any:
    stub = chat_pb2_grpc.ChatServiceStub(engine.channel())
    return stub.Chat(chat_pb2.ChatRequest(**fields), metadata=engine.metadata, timeout=10)


def _complete(engine: Engine, **fields: Any) -> Any:
    return engine.completion().Complete(
        completion_pb2.CompleteRequest(**fields), metadata=engine.metadata, timeout=10
    )


@pytest.mark.parametrize(("fields", "reason", "sentence"), BAD_CHATS)
def test_bad_chats(engine: Engine, fields: dict[str, Any], reason: str, sentence: str) -> None:
    given_reason, message = _refused(_chat(engine, **fields))
    assert given_reason == reason
    assert sentence in message


@pytest.mark.parametrize(("fields", "reason", "sentence"), BAD_COMPLETIONS)
def test_bad_completions(
    engine: Engine, fields: dict[str, Any], reason: str, sentence: str
) -> None:
    given_reason, message = _refused(_complete(engine, **fields))
    assert given_reason == reason
    assert sentence in message


def test_message_beyond_the_limit_is_refused_and_the_connection_lives(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        list(_complete(engine, text=b"x" * (17 << 20)))
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert list(_chat(engine, turns=HELLO))


def test_message_that_is_no_message(engine: Engine) -> None:
    call: Any = engine.channel().unary_stream("/limpet.v1.ChatService/Chat")
    reason, message = _refused(call(b"\xff\xff\xff", metadata=engine.metadata, timeout=10))
    assert reason == "INVALID_INPUT"
    assert "not one of this method's requests" in message
    assert list(_chat(engine, turns=HELLO))


def test_largest_text_is_taken(engine: Engine) -> None:
    steps = list(_complete(engine, text=b"x" * TEN_MIB, caret_offset=TEN_MIB))
    assert steps[-1].HasField("finished")


@pytest.mark.parametrize(
    "text", [b"\xff\xfe\x00", b"a\r\nb", "naïve 界 😀".encode(), b"\xed\xa0\x80"]
)
def test_bytes_come_back_as_they_were(engine: Engine, text: bytes) -> None:
    steps = list(_complete(engine, text=text, caret_offset=0))
    assert steps[0].partial.text == text
    assert (steps[0].partial.replaces_bytes, steps[0].partial.confidence) == (2, 0.5)
    answer = b"".join(step.text for step in _chat(engine, turns=_turns((USER, text))))
    assert answer == text


def test_completion_ends_with_suggestions_and_figures(engine: Engine) -> None:
    finished = list(_complete(engine, text=b"x"))[-1].finished
    assert [each.text for each in finished.suggestions] == [b"whole"]
    assert (finished.reason, finished.figures.model) == ("end_of_line", "fake")
    assert (finished.figures.prompt_tokens, finished.figures.total_ms) == (10, 9.25)


def test_chat_begins_and_ends(engine: Engine) -> None:
    steps = list(_chat(engine, turns=_turns((SYSTEM, b"be brief"), (USER, b"hello"))))
    assert [step.WhichOneof("step") for step in steps] == ["started", "text", "finished"]
    assert (steps[0].started.prompt_tokens, steps[0].started.context_length) == (10, 2048)
    assert steps[-1].finished.end == chat_pb2.ANSWER_END_COMPLETE


def test_attachment_alone_is_question_enough(engine: Engine) -> None:
    attachment = chat_pb2.Attachment(path="a.py", content=b"x", first_line=3, last_line=4)
    steps = list(_chat(engine, turns=_turns((USER, b"")), attachments=[attachment]))
    assert steps[-1].HasField("finished")
