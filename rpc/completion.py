"""Asks for code at a caret and reads the suggestions."""

from __future__ import annotations

import msgspec

from rpc.completion_session import CompletionSession
from rpc.connection import Connection
from rpc.edited_file import EditedFile
from rpc.enumerations import name_for_wire, text_for_wire
from rpc.extent import Extent
from rpc.failures import InternalFailure
from rpc.figures import Figures, figures_from_wire
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import completion_pb2
from rpc.stubs.limpet.v1.completion_pb2_grpc import CompletionServiceStub

# A model that is not loaded yet is checked, tried and loaded within this time, too.
COMPLETION_TIMEOUT_SECONDS = 300.0


class Suggestion(msgspec.Struct, frozen=True):
    """Text to insert at the caret, overwriting `replaces_bytes` bytes after it."""

    text: bytes
    replaces_bytes: int
    confidence: float


class CompletionFinished(msgspec.Struct, frozen=True):
    """The final suggestions, best first; `reason` says why there is none or why it is short."""

    suggestions: tuple[Suggestion, ...]
    figures: Figures
    reason: str


CompletionEvent = Suggestion | CompletionFinished


class CompletionStream(Stream[CompletionEvent]):
    """A completion being written: Suggestion*, each replacing the one before it, then the end.

    Iterate once, or take `result()`. `cancel()` may be called from any thread and stops the model.
    """

    def result(self) -> CompletionFinished:
        """Wait for the end and return it. Raises a Failure."""
        with self:
            for event in self:
                if isinstance(event, CompletionFinished):
                    return event
        raise InternalFailure("The engine ended a completion without a result.")


class CompletionClient:
    """Asks the engine's completion service."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def complete(
        self,
        path: str,
        text: bytes,
        caret_offset: int,
        *,
        caret_id: str = "",
        model: str = "",
        max_tokens: int = 0,
        extent: Extent = Extent.UNSPECIFIED,
        timeout_seconds: float = COMPLETION_TIMEOUT_SECONDS,
    ) -> CompletionStream:
        """Complete `text` at the byte `caret_offset`; failures come while iterating."""
        request = completion_pb2.CompleteRequest(
            path=text_for_wire(path),
            text=text,
            caret_offset=caret_offset,
            caret_id=text_for_wire(caret_id),
            model=text_for_wire(model),
            max_tokens=max_tokens,
            extent=name_for_wire(extent, "EXTENT"),
        )
        return CompletionStream(
            self._connection.opening(
                lambda channel: CompletionServiceStub(channel).Complete,
                request,
                _event_from_wire,
                timeout_seconds=timeout_seconds,
            )
        )

    def session(self) -> CompletionSession:
        """Open a session for one file of an editor; the caller closes it."""
        return CompletionSession(self._connection)

    def edited_file(self, path: str, *, model: str = "", project_folder: str = "") -> EditedFile:
        """Return a file that is edited somewhere else: whole texts in, suggestions out."""
        return EditedFile(self._connection, path, model=model, project_folder=project_folder)


def _suggestion_from_wire(message: completion_pb2.Suggestion) -> Suggestion:
    return Suggestion(
        text=message.text,
        replaces_bytes=message.replaces_bytes,
        confidence=message.confidence,
    )


def _event_from_wire(message: completion_pb2.CompleteResponse) -> CompletionEvent | None:
    match message.WhichOneof("step"):
        case "partial":
            return _suggestion_from_wire(message.partial)
        case "finished":
            finished = message.finished
            return CompletionFinished(
                suggestions=tuple(_suggestion_from_wire(one) for one in finished.suggestions),
                figures=figures_from_wire(finished.figures),
                reason=finished.reason,
            )
    return None
