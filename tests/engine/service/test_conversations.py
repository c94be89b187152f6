"""Kept conversations on the wire: what only raw messages show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from rpc.stubs.limpet.v1 import chat_pb2
from rpc.stubs.limpet.v1 import conversations_pb2 as wire
from rpc.stubs.limpet.v1.conversations_pb2_grpc import ConversationServiceStub
from tests.engine.daemon.engine_process import Engine

HEADING = b'{"format":"limpet-conversations","version":1}\n'
LINE = (
    '{"id":"%s","title":"标题","created_ms":1,"updated_ms":1,"messages":[{"id":"%s-m",'
    '"author":"user","state":"complete","content":{"text":"问题"},"created_ms":1,"updated_ms":1}]}\n'
)
SECONDS = 20.0


@pytest.fixture(scope="module")
def stub(engine: Engine) -> ConversationServiceStub:
    return ConversationServiceStub(engine.channel())


def imported(stub: ConversationServiceStub, engine: Engine, file: bytes, size: int) -> Any:
    """Import a file in pieces of a size and return the last response."""
    pieces = (
        wire.ImportConversationsRequest(content=file[start : start + size])
        for start in range(0, len(file), size)
    )
    return list(stub.ImportConversations(pieces, metadata=engine.metadata, timeout=SECONDS))[-1]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_pieces_may_be_cut_anywhere(
    stub: ConversationServiceStub, engine: Engine, size: int
) -> None:
    names = [f"pieces-{size}-{number}" for number in range(2)]
    lines = "".join(LINE % (name, name) for name in names)
    file = HEADING + lines.encode() + b"no conversation\n\n"

    last = imported(stub, engine, file.rstrip(), size)

    assert (last.conversations_added, last.messages_added, last.lines_refused) == (2, 2, 1)
    request = wire.GetConversationRequest(conversation=names[0])
    shown = stub.GetConversation(request, metadata=engine.metadata, timeout=SECONDS)
    assert shown.conversation.title == "标题"
    assert [message.content.decode() for message in shown.messages] == ["问题"]


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_markdown_may_be_cut_anywhere(
    stub: ConversationServiceStub, engine: Engine, size: int
) -> None:
    file = f"# 标题 {size}\n\n## User\n\n问题\n\n## Assistant\n回答".encode()

    last = imported(stub, engine, file, size)

    assert (last.conversations_added, last.messages_added) == (1, 2)
    listed = stub.ListConversations(
        wire.ListConversationsRequest(), metadata=engine.metadata, timeout=SECONDS
    )
    assert f"标题 {size}" in [each.title for each in listed.conversations]


def test_a_large_library_leaves_in_pieces_that_fit(
    stub: ConversationServiceStub, engine: Engine
) -> None:
    made = stub.CreateConversation(
        wire.CreateConversationRequest(), metadata=engine.metadata, timeout=SECONDS
    ).conversation
    large = wire.NewMessage(
        content=b"x" * (6 << 20), attachments=[chat_pb2.Attachment(content=b"\xff" * (6 << 20))]
    )
    for _ in range(2):
        request = wire.AppendMessageRequest(conversation=made.id, message=large)
        stub.AppendMessage(request, metadata=engine.metadata, timeout=SECONDS)

    export = wire.ExportConversationsRequest(conversations=[made.id])
    pieces = [
        len(response.content)
        for response in stub.ExportConversations(export, metadata=engine.metadata, timeout=SECONDS)
    ]

    assert max(pieces) <= 1 << 20
    assert sum(pieces) > 24 << 20


def refused_messages() -> dict[str, Callable[[ConversationServiceStub], tuple[Any, Any]]]:
    return {
        "shelf": lambda stub: (
            stub.ListConversations,
            wire.ListConversationsRequest(shelf=77),  # type: ignore[arg-type]
        ),
        "form": lambda stub: (
            stub.ExportConversations,
            wire.ExportConversationsRequest(format=77),  # type: ignore[arg-type]
        ),
        "overflow": lambda stub: (
            stub.Answer,
            wire.AnswerRequest(overflow=77),  # type: ignore[arg-type]
        ),
        "language": lambda stub: (stub.Answer, wire.AnswerRequest(language="tlh")),
        "temperature": lambda stub: (stub.Answer, wire.AnswerRequest(temperature=float("nan"))),
        "window": lambda stub: (
            stub.GetConversation,
            wire.GetConversationRequest(size=201),
        ),
    }


@pytest.mark.parametrize("case", refused_messages().values(), ids=refused_messages())
def test_values_that_are_not_known_are_refused(
    stub: ConversationServiceStub, engine: Engine, case: Any
) -> None:
    method, request = case(stub)
    with pytest.raises(grpc.RpcError) as refused:
        list(method(request, metadata=engine.metadata, timeout=SECONDS))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
