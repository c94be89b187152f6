"""Every failure of the engine, sent over the wire and met again by the client."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest
from google.rpc import status_pb2

from engine import errors
from engine.service.failure_status import Refusal, refusal_for, refusal_for_incident
from rpc import failures
from rpc.chat import Speaker, Turn
from rpc.client import Limpet
from rpc.stubs.limpet.v1 import chat_pb2
from tests.rpc.stand_in_engine import ChatBehaviour, StandInEngine

OVERFLOW = errors.PromptTooLong(
    "The prompt needs 900 tokens, and there is room for 512.",
    needed_tokens=900,
    available_tokens=512,
    parts=(("src/app.py", 700), ("turn 1", 200)),
    advice="Leave out src/app.py.",
)

CASES: dict[str, tuple[errors.EngineError, type[failures.Failure], int]] = {
    "invalid": (errors.InvalidInput("No turns."), failures.InvalidRequest, 2),
    "text": (errors.UnreadableText("Too large."), failures.InvalidRequest, 2),
    "position": (errors.PositionOutsideText("Beyond."), failures.InvalidRequest, 2),
    "prompt": (OVERFLOW, failures.PromptOverflow, 2),
    "no such model": (errors.ModelNotFound("No model `x`."), failures.ModelNotFound, 2),
    "not installed": (errors.ModelNotInstalled("Not here."), failures.ModelUnavailable, 3),
    "no gguf": (errors.ModelFileInvalid("No GGUF."), failures.ModelUnavailable, 3),
    "altered": (errors.ModelAltered("Altered."), failures.ModelUnavailable, 3),
    "load": (errors.ModelLoadFailed("No memory."), failures.ModelUnavailable, 3),
    "template": (errors.TemplateFailed("Template."), failures.ModelUnavailable, 3),
    "download": (errors.DownloadFailed("No source."), failures.DownloadProblem, 3),
    "network": (errors.NetworkUnavailable("No network."), failures.DownloadProblem, 3),
    "disk": (errors.DiskFull("Disk full."), failures.DownloadProblem, 3),
    "read-only": (errors.StoreReadOnly("Read-only."), failures.DownloadProblem, 3),
    "store busy": (errors.StoreBusy("Busy."), failures.DownloadProblem, 3),
    "no conversation": (errors.ConversationNotFound("No."), failures.ConversationNotFound, 2),
    "locked": (errors.ConversationsBusy("Held."), failures.ConversationProblem, 3),
    "not to be written": (errors.ConversationsReadOnly("No."), failures.ConversationProblem, 3),
    "damaged": (errors.ConversationsDamaged("Damaged."), failures.ConversationProblem, 3),
    "newer": (errors.ConversationsTooNew("Newer."), failures.ConversationProblem, 3),
    "full": (errors.ConversationsDiskFull("Full."), failures.ConversationProblem, 3),
    "disk error": (errors.ConversationStoreFailure("Disk."), failures.ConversationProblem, 3),
    "no edit": (errors.EditFailed("No."), failures.AnswerUnusable, 3),
    "no ruff": (errors.ToolFailed("No."), failures.ToolUnavailable, 3),
    "no sandbox": (errors.SandboxUnavailable("No."), failures.ToolUnavailable, 3),
    "busy": (errors.EngineBusy("Busy.", retry_after_seconds=1.5), failures.Busy, 3),
    "worker": (errors.WorkerDied("Died."), failures.AnswerInterrupted, 3),
    "deadline": (errors.DeadlinePassed("Late."), failures.DeadlinePassed, 3),
    "superseded": (errors.GenerationCancelled("Newer."), failures.Cancelled, 130),
}


def _refusing(refusal: Refusal) -> ChatBehaviour:
    status = status_pb2.Status(code=refusal.code.value[0], message=refusal.message)
    for detail in refusal.details:
        status.details.add().Pack(detail)

    def behave(
        request: chat_pb2.ChatRequest, context: grpc.ServicerContext
    ) -> Iterator[chat_pb2.ChatResponse]:
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(refusal.code, refusal.message)

    return behave


def _failure_of(engine: StandInEngine, behaviour: ChatBehaviour) -> failures.Failure:
    engine.chat = behaviour
    with Limpet.open("test", start=False) as limpet, pytest.raises(failures.Failure) as caught:
        list(limpet.chat.ask([Turn(Speaker.USER, b"?")]))
    return caught.value


@pytest.mark.parametrize(("error", "kind", "exit_code"), CASES.values(), ids=CASES)
def test_a_failure_of_the_engine_keeps_its_kind_words_and_reason(
    engine: StandInEngine, error: errors.EngineError, kind: type[failures.Failure], exit_code: int
) -> None:
    failure = _failure_of(engine, _refusing(refusal_for(error)))

    assert type(failure) is kind
    assert failure.message == error.message
    assert failure.advice == (error.advice or kind.default_advice)
    assert failure.reason == error.reason
    assert failure.exit_code == exit_code


def test_an_overflow_says_how_large_each_part_is(engine: StandInEngine) -> None:
    failure = _failure_of(engine, _refusing(refusal_for(OVERFLOW)))

    assert isinstance(failure, failures.PromptOverflow)
    assert (failure.needed_tokens, failure.available_tokens) == (900, 512)
    assert failure.parts == (("src/app.py", 700), ("turn 1", 200))


def test_a_busy_engine_says_when_to_try_again(engine: StandInEngine) -> None:
    failure = _failure_of(engine, _refusing(refusal_for(CASES["busy"][0])))

    assert failure.retry_after_seconds == 1.5


def test_a_defect_is_told_by_its_incident(engine: StandInEngine) -> None:
    failure = _failure_of(engine, _refusing(refusal_for_incident("abc123")))

    assert isinstance(failure, failures.InternalFailure)
    assert "abc123" in failure.message


def _all_kinds(kind: type[errors.EngineError]) -> Iterator[type[errors.EngineError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _all_kinds(child)


# What ends a start, or a stopping engine, is met by the launcher and not by a request.
NOT_FOR_REQUESTS = {errors.EngineError, errors.EngineAlreadyRunning, errors.UnsafeEndpoint}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in _all_kinds(errors.EngineError) if kind not in NOT_FOR_REQUESTS],
)
def test_no_kind_of_failure_is_forgotten(
    engine: StandInEngine, kind: type[errors.EngineError]
) -> None:
    error = OVERFLOW if kind is errors.PromptTooLong else kind("It happened.")
    failure = _failure_of(engine, _refusing(refusal_for(error)))

    assert not isinstance(failure, failures.InternalFailure)
    assert failure.reason == kind.reason
    # A failure of the model store must not look like one of the model.
    assert isinstance(failure, failures.DownloadProblem) == (
        issubclass(kind, errors.StoreFailure) and kind is not errors.DownloadCancelled
    )


BARE: dict[str, tuple[grpc.StatusCode, bytes, type[failures.Failure]]] = {
    # What gRPC says by itself, or what a broken engine might: (code, details trailer, kind)
    "unimplemented": (grpc.StatusCode.UNIMPLEMENTED, b"", failures.EngineTooOld),
    "unknown": (grpc.StatusCode.UNKNOWN, b"", failures.InternalFailure),
    "data loss": (grpc.StatusCode.DATA_LOSS, b"", failures.InternalFailure),
    "too large": (grpc.StatusCode.RESOURCE_EXHAUSTED, b"", failures.InvalidRequest),
    "garbage details": (grpc.StatusCode.INVALID_ARGUMENT, b"\xff\xff\xff", failures.InvalidRequest),
    "denied": (grpc.StatusCode.PERMISSION_DENIED, b"", failures.NotAllowed),
}  # fmt: skip


@pytest.mark.parametrize(("code", "trailer", "kind"), BARE.values(), ids=BARE)
def test_a_status_without_details_still_becomes_a_failure(
    engine: StandInEngine, code: grpc.StatusCode, trailer: bytes, kind: type[failures.Failure]
) -> None:
    def behave(
        request: chat_pb2.ChatRequest, context: grpc.ServicerContext
    ) -> Iterator[chat_pb2.ChatResponse]:
        if trailer:
            context.set_trailing_metadata((("grpc-status-details-bin", trailer),))
        context.abort(code, "Received message larger than max (17 vs. 16)")

    failure = _failure_of(engine, behave)

    assert type(failure) is kind
    assert failure.message
