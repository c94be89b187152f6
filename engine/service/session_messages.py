"""Turns the messages of a completion session into events and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.errors import InvalidInput
from engine.service.completion_extent import extent_of
from engine.service.figures import figures_message
from engine.tasks.complete_code.session.events import (
    AcceptSuggestion,
    CancelSuggest,
    ChangeDocument,
    EditorEvent,
    MoveCaret,
    OffsetUnit,
    OpenDocument,
    ResendText,
    SaveDocument,
    SessionEvent,
    Source,
    Suggest,
    SuggestFailed,
    Suggestions,
    TextChange,
    Trigger,
)
from rpc.stubs.limpet.v1 import completion_pb2

_UNITS = {
    completion_pb2.OFFSET_UNIT_UNSPECIFIED: OffsetUnit.BYTES,
    completion_pb2.OFFSET_UNIT_BYTES: OffsetUnit.BYTES,
    completion_pb2.OFFSET_UNIT_UTF16: OffsetUnit.UTF16,
    completion_pb2.OFFSET_UNIT_CODE_POINTS: OffsetUnit.CODE_POINTS,
}
_TRIGGERS = {
    completion_pb2.TRIGGER_UNSPECIFIED: Trigger.TYPING,
    completion_pb2.TRIGGER_TYPING: Trigger.TYPING,
    completion_pb2.TRIGGER_MANUAL: Trigger.MANUAL,
}
_SOURCES = {
    Source.MODEL: completion_pb2.SUGGESTION_SOURCE_MODEL,
    Source.EARLIER: completion_pb2.SUGGESTION_SOURCE_EARLIER,
    Source.AHEAD: completion_pb2.SUGGESTION_SOURCE_AHEAD,
}


def editor_event(request: completion_pb2.SessionRequest) -> EditorEvent:
    """Return the event that an editor sent. Raises InvalidInput."""
    kind = request.WhichOneof("event")
    if kind is None:
        raise InvalidInput("The engine does not know this event of a completion session.")
    return _READERS[kind](getattr(request, kind))


def session_response(event: SessionEvent) -> completion_pb2.SessionResponse:
    """Return the message for an event."""
    match event:
        case ResendText(version):
            resend = completion_pb2.ResendText(version=version)
            return completion_pb2.SessionResponse(resend_text=resend)
        case SuggestFailed(number, reason, message, advice):
            failed = completion_pb2.SuggestFailed(
                id=number, reason=reason, message=message, advice=advice
            )
            return completion_pb2.SessionResponse(suggest_failed=failed)
        case Suggestions():
            return completion_pb2.SessionResponse(suggestions=_suggestions(event))


def _open_document(opened: completion_pb2.OpenDocument) -> OpenDocument:
    unit = _UNITS.get(opened.offset_unit)
    if unit is None:
        raise InvalidInput(f"The engine does not know the offset unit {opened.offset_unit}.")
    return OpenDocument(
        path=opened.path,
        text=opened.text,
        version=opened.version,
        unit=unit,
        project_folder=opened.project_folder,
        model=opened.model,
    )


def _suggest(wish: completion_pb2.Suggest) -> Suggest:
    trigger = _TRIGGERS.get(wish.trigger)
    if trigger is None:
        raise InvalidInput(f"The engine does not know the trigger {wish.trigger}.")
    return Suggest(
        id=wish.id,
        version=wish.version,
        caret=wish.caret,
        trigger=trigger,
        extent=extent_of(wish.extent),
        max_tokens=wish.max_tokens,
        alternatives=wish.alternatives,
    )


def _suggestions(event: Suggestions) -> completion_pb2.Suggestions:
    return completion_pb2.Suggestions(
        id=event.id,
        suggestions=[
            completion_pb2.SessionSuggestion(
                text=each.text, replaces=each.replaces, confidence=each.confidence
            )
            for each in event.suggestions
        ],
        is_final=event.is_final,
        source=_SOURCES[event.source],
        reason=event.reason,
        figures=figures_message(event.figures, event.model) if event.is_final else None,
    )


def _change_document(changed: completion_pb2.ChangeDocument) -> ChangeDocument:
    changes = tuple(TextChange(each.start, each.end, each.text) for each in changed.changes)
    return ChangeDocument(changed.base_version, changed.version, changes)


_READERS: dict[str, Callable[[Any], EditorEvent]] = {
    "open_document": _open_document,
    "change_document": _change_document,
    "suggest": _suggest,
    "cancel_suggest": lambda message: CancelSuggest(message.id),
    "move_caret": lambda message: MoveCaret(message.version, message.caret),
    "accept_suggestion": lambda message: AcceptSuggestion(message.id, message.accepted_bytes),
    "save_document": lambda _message: SaveDocument(),
}
