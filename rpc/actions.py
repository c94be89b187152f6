"""Asks for code actions: edits that are checked, and talk about code."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from rpc.connection import Connection
from rpc.enumerations import text_for_wire, word_from_wire
from rpc.figures import Figures, figures_from_wire
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import actions_pb2 as wire
from rpc.stubs.limpet.v1.actions_pb2_grpc import ActionServiceStub

# Longer than an edit of a whole context takes; a hung engine is noticed long before.
ACTION_TIMEOUT_SECONDS = 3600.0
_LIST_TIMEOUT_SECONDS = 10.0


class ActionKind(StrEnum):
    """What an action gives."""

    UNSPECIFIED = "unspecified"
    EDIT = "edit"
    TALK = "talk"


class CodeAction(msgspec.Struct, frozen=True):
    """An action; `titles` are what a menu shows, by language (`en`, `zh`)."""

    name: str
    kind: ActionKind
    titles: dict[str, str]
    needs_instruction: bool = False
    takes_problem: bool = False


class CodeSelection(msgspec.Struct, frozen=True):
    """A part of a text, in bytes of `text`; a caret where `start` is `end`."""

    path: str
    text: bytes
    start: int
    end: int
    language: str = ""


class EditWish(msgspec.Struct, frozen=True):
    """What to change; the fields are those of the proto."""

    selection: CodeSelection
    action: str = ""
    instruction: str = ""
    error_text: str = ""
    failing_test: bytes = b""
    project_folder: str = ""
    model: str = ""


class TalkWish(msgspec.Struct, frozen=True):
    """What to talk about; the fields are those of the proto."""

    selection: CodeSelection
    action: str = ""
    instruction: str = ""
    error_text: str = ""
    project_folder: str = ""
    answer_language: str = ""
    model: str = ""


class ActionBegan(msgspec.Struct, frozen=True):
    """The model begins to read; the part after widening, its lines from 1."""

    start: int
    end: int
    first_line: int
    last_line: int
    prompt_tokens: int
    model: str


class EditPiece(msgspec.Struct, frozen=True):
    """More lines of the new text, and how many of the part's lines are settled so far."""

    text: bytes
    settled_lines: int


class EditRetried(msgspec.Struct, frozen=True):
    """The pieces so far are void; why."""

    reason: str


class EditFinished(msgspec.Struct, frozen=True):
    """The edit: `new_text` takes the place of the bytes from `start` to `end`."""

    start: int
    end: int
    new_text: bytes
    unified_diff: bytes
    parses: bool
    changes: bool
    text_digest: str
    tries: int
    figures: Figures

    def applied_to(self, text: bytes) -> bytes:
        """Return the whole text with the edit; `text` is the wish's."""
        return text[: self.start] + self.new_text + text[self.end :]


class TalkPiece(msgspec.Struct, frozen=True):
    """More Markdown."""

    text: str


class TalkFinished(msgspec.Struct, frozen=True):
    """The end of talk; `is_cut` where it became too long."""

    is_cut: bool
    figures: Figures


EditEvent = ActionBegan | EditPiece | EditRetried | EditFinished
TalkEvent = ActionBegan | TalkPiece | TalkFinished


class EditStream(Stream[EditEvent]):
    """One ActionBegan; any number of EditPiece and EditRetried; one EditFinished."""


class TalkStream(Stream[TalkEvent]):
    """One ActionBegan; any number of TalkPiece; one TalkFinished."""


class ActionsClient:
    """Asks the engine's service of code actions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_actions(self) -> tuple[CodeAction, ...]:
        """Return the actions in a menu's order. Raises a Failure."""
        answer = self._connection.unary(
            lambda channel: ActionServiceStub(channel).ListActions,
            wire.ListActionsRequest(),
            timeout_seconds=_LIST_TIMEOUT_SECONDS,
        )
        return tuple(
            CodeAction(
                name=each.name,
                kind=word_from_wire(ActionKind, wire.ActionKind, "ACTION_KIND", each.kind),
                titles=dict(each.titles),
                needs_instruction=each.needs_instruction,
                takes_problem=each.takes_problem,
            )
            for each in answer.actions
        )

    def edit(
        self, wish: EditWish, *, timeout_seconds: float = ACTION_TIMEOUT_SECONDS
    ) -> EditStream:
        """Ask for an edit; failures come while iterating. The engine writes nothing."""
        request = wire.EditRequest(
            selection=_selection_for_wire(wish.selection),
            action=text_for_wire(wish.action),
            instruction=text_for_wire(wish.instruction),
            error_text=text_for_wire(wish.error_text),
            failing_test=wish.failing_test,
            project_folder=text_for_wire(wish.project_folder),
            model=text_for_wire(wish.model),
        )
        return EditStream(
            self._connection.opening(
                lambda channel: ActionServiceStub(channel).Edit,
                request,
                _edit_event,
                timeout_seconds=timeout_seconds,
            )
        )

    def talk(
        self, wish: TalkWish, *, timeout_seconds: float = ACTION_TIMEOUT_SECONDS
    ) -> TalkStream:
        """Ask for talk; failures come while iterating."""
        request = wire.TalkRequest(
            selection=_selection_for_wire(wish.selection),
            action=text_for_wire(wish.action),
            instruction=text_for_wire(wish.instruction),
            error_text=text_for_wire(wish.error_text),
            project_folder=text_for_wire(wish.project_folder),
            answer_language=wish.answer_language,
            model=text_for_wire(wish.model),
        )
        return TalkStream(
            self._connection.opening(
                lambda channel: ActionServiceStub(channel).Talk,
                request,
                _talk_event,
                timeout_seconds=timeout_seconds,
            )
        )


def _selection_for_wire(selection: CodeSelection) -> wire.CodeSelection:
    return wire.CodeSelection(
        path=text_for_wire(selection.path),
        text=selection.text,
        start=selection.start,
        end=selection.end,
        language=selection.language,
    )


def _edit_event(message: wire.EditResponse) -> EditEvent | None:
    match message.WhichOneof("step"):
        case "started":
            return _began(message.started)
        case "piece":
            return EditPiece(message.piece.text, message.piece.settled_lines)
        case "retried":
            return EditRetried(message.retried.reason)
        case "finished":
            end = message.finished
            return EditFinished(
                start=end.start,
                end=end.end,
                new_text=end.new_text,
                unified_diff=end.unified_diff,
                parses=end.parses,
                changes=end.changes,
                text_digest=end.text_digest,
                tries=end.tries,
                figures=figures_from_wire(end.figures),
            )
    return None


def _talk_event(message: wire.TalkResponse) -> TalkEvent | None:
    match message.WhichOneof("step"):
        case "started":
            return _began(message.started)
        case "piece":
            return TalkPiece(message.piece)
        case "finished":
            return TalkFinished(
                message.finished.is_cut, figures_from_wire(message.finished.figures)
            )
    return None


def _began(started: wire.EditStarted | wire.TalkStarted) -> ActionBegan:
    return ActionBegan(
        started.start,
        started.end,
        started.first_line,
        started.last_line,
        started.prompt_tokens,
        started.model,
    )
