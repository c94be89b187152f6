"""A completion session: one open file of an editor, on a stream in both directions."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from enum import StrEnum
from types import TracebackType

import grpc
import msgspec

from rpc.connection import Connection
from rpc.enumerations import name_for_wire, text_for_wire, word_from_wire
from rpc.extent import Extent
from rpc.failure_conversion import failure_for_reason, failure_from_call
from rpc.failures import Cancelled, EngineGone, EngineUnreachable, Failure
from rpc.figures import Figures, figures_from_wire
from rpc.stubs.limpet.v1 import completion_pb2
from rpc.stubs.limpet.v1.completion_pb2_grpc import CompletionServiceStub


class OffsetUnit(StrEnum):
    """How a session's offsets are counted."""

    BYTES = "bytes"
    UTF16 = "utf16"
    CODE_POINTS = "code_points"


class Trigger(StrEnum):
    """Why a suggestion is wanted."""

    TYPING = "typing"
    MANUAL = "manual"


class SuggestionSource(StrEnum):
    """Where a suggestion comes from: the model, an earlier answer, or one computed ahead."""

    UNSPECIFIED = "unspecified"
    MODEL = "model"
    EARLIER = "earlier"
    AHEAD = "ahead"


class SuggestOptions(msgspec.Struct, frozen=True):
    """What kind of suggestion is wanted; 0 leaves a number to the engine."""

    trigger: Trigger = Trigger.TYPING
    extent: Extent = Extent.UNSPECIFIED
    max_tokens: int = 0
    alternatives: int = 0


class TextChange(msgspec.Struct, frozen=True):
    """`text` stands now where `start` to `end` was."""

    start: int
    end: int
    text: bytes


class ResendText(msgspec.Struct, frozen=True):
    """The engine's text is another one: open the document anew."""

    version: int


class SessionSuggestion(msgspec.Struct, frozen=True):
    """Text to insert at the caret, overwriting `replaces` units after it."""

    text: bytes
    replaces: int
    confidence: float


class Suggestions(msgspec.Struct, frozen=True):
    """Suggestions for the wish `id`, best first; each event replaces the one before."""

    id: int
    suggestions: tuple[SessionSuggestion, ...]
    is_final: bool
    source: SuggestionSource
    reason: str
    figures: Figures


class SuggestFailed(msgspec.Struct, frozen=True):
    """The wish `id` could not be answered; the session goes on."""

    id: int
    failure: Failure


SessionEvent = ResendText | Suggestions | SuggestFailed


class CompletionSession:
    """Sends an editor's events and iterates over the engine's. Sending never waits.

    Send from one thread at a time; iterate in any one thread. Iterating raises a Failure when the
    session breaks; the text must then be opened in a new one.
    """

    def __init__(self, connection: Connection) -> None:
        self._link = connection.link
        self._requests: queue.SimpleQueue[completion_pb2.SessionRequest | None] = (
            queue.SimpleQueue()
        )
        self._is_closed = False
        self._call = CompletionServiceStub(self._link.channel).Session(
            iter(self._requests.get, None), metadata=self._link.metadata
        )

    def open_document(
        self,
        path: str,
        text: bytes,
        version: int,
        *,
        unit: OffsetUnit = OffsetUnit.BYTES,
        project_folder: str = "",
        model: str = "",
    ) -> None:
        """Show a file, or give its whole text anew."""
        opened = completion_pb2.OpenDocument(
            path=text_for_wire(path),
            text=text,
            version=version,
            offset_unit=name_for_wire(unit, "OFFSET_UNIT"),
            project_folder=text_for_wire(project_folder),
            model=text_for_wire(model),
        )
        self._send(completion_pb2.SessionRequest(open_document=opened))

    def change_document(
        self, base_version: int, version: int, changes: Sequence[TextChange]
    ) -> None:
        """Tell of changes, applied one after the other."""
        changed = completion_pb2.ChangeDocument(base_version=base_version, version=version)
        for each in changes:
            changed.changes.add(start=each.start, end=each.end, text=each.text)
        self._send(completion_pb2.SessionRequest(change_document=changed))

    def suggest(
        self,
        wish: int,
        version: int,
        caret: int,
        options: SuggestOptions,
    ) -> None:
        """Ask for a suggestion; `wish` is greater than every earlier one and ends those."""
        asked = completion_pb2.Suggest(
            id=wish,
            version=version,
            caret=caret,
            trigger=name_for_wire(options.trigger, "TRIGGER"),
            extent=name_for_wire(options.extent, "EXTENT"),
            max_tokens=options.max_tokens,
            alternatives=options.alternatives,
        )
        self._send(completion_pb2.SessionRequest(suggest=asked))

    def cancel_suggest(self, wish: int) -> None:
        """Ask no longer; the model stops."""
        cancelled = completion_pb2.CancelSuggest(id=wish)
        self._send(completion_pb2.SessionRequest(cancel_suggest=cancelled))

    def move_caret(self, version: int, caret: int) -> None:
        """Tell where the caret is, so that the engine can read ahead."""
        moved = completion_pb2.MoveCaret(version=version, caret=caret)
        self._send(completion_pb2.SessionRequest(move_caret=moved))

    def accept_suggestion(self, wish: int, accepted_bytes: int) -> None:
        """Tell how much of a suggestion was taken."""
        accepted = completion_pb2.AcceptSuggestion(id=wish, accepted_bytes=accepted_bytes)
        self._send(completion_pb2.SessionRequest(accept_suggestion=accepted))

    def save_document(self) -> None:
        """Tell that the file was saved."""
        saved = completion_pb2.SaveDocument()
        self._send(completion_pb2.SessionRequest(save_document=saved))

    def __iter__(self) -> CompletionSession:
        return self

    def __next__(self) -> SessionEvent:
        while True:
            try:
                response = next(self._call)
            except grpc.RpcError as error:
                raise self._meaning_of(error) from error
            event = _event_from_wire(response)
            if event is not None:
                return event

    def close(self) -> None:
        """End the session; whatever the model does for it stops."""
        self._is_closed = True
        self._requests.put(None)
        self._call.cancel()

    def __enter__(self) -> CompletionSession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _send(self, request: completion_pb2.SessionRequest) -> None:
        self._requests.put(request)

    def _meaning_of(self, error: grpc.RpcError) -> Failure:
        self._requests.put(None)
        if self._is_closed:
            return Cancelled("The session was closed.")
        failure = failure_from_call(error)
        was_cut = isinstance(failure, Cancelled) and failure.reason == Cancelled.default_reason
        if was_cut or isinstance(failure, EngineUnreachable):
            return EngineGone("The engine went away while a file was open in it.")
        return failure


def _event_from_wire(message: completion_pb2.SessionResponse) -> SessionEvent | None:
    match message.WhichOneof("event"):
        case "resend_text":
            return ResendText(message.resend_text.version)
        case "suggestions":
            return _suggestions_from_wire(message.suggestions)
        case "suggest_failed":
            failed = message.suggest_failed
            failure = failure_for_reason(failed.reason, failed.message, failed.advice)
            return SuggestFailed(failed.id, failure)
    return None


def _suggestions_from_wire(found: completion_pb2.Suggestions) -> Suggestions:
    return Suggestions(
        id=found.id,
        suggestions=tuple(
            SessionSuggestion(each.text, each.replaces, each.confidence)
            for each in found.suggestions
        ),
        is_final=found.is_final,
        source=word_from_wire(
            SuggestionSource, completion_pb2.SuggestionSource, "SUGGESTION_SOURCE", found.source
        ),
        reason=found.reason,
        figures=figures_from_wire(found.figures),
    )
