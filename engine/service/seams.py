"""What the services ask of the tasks, the loaded models and the store; free of gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

from engine.conversations.records import Conversation, Message
from engine.inference.model_provider import LoadedModelState
from engine.inference.parking.state_folder import Forgotten
from engine.model_store.card import ModelCard
from engine.model_store.memory_fit import MemoryFit
from engine.model_store.progress import Cancelled, Report
from engine.prompts.measure import ChatMeasure
from engine.retrieval.folder_index import Found
from engine.tasks.act_on_code.question import EditQuestion, EditStep, TalkQuestion, TalkStep
from engine.tasks.answer_chat.question import ChatQuestion, ChatStep
from engine.tasks.complete_code.question import CompletionEnd, CompletionQuestion, Suggestion
from engine.tasks.complete_code.session.events import EditorEvent, SessionEvent
from engine.tasks.converse.measuring import MeasureWish
from engine.tasks.converse.steps import AnswerWish, ConversationStep
from engine.tasks.converse.summaries import SummaryProgress, SummaryWish
from engine.tasks.converse.titles import TitleWish
from engine.tasks.find_defects.question import ReviewQuestion, ReviewStep
from engine.tasks.write_tests.question import WritingQuestion, WritingStep


class EditingSession(Protocol):
    """A completion session."""

    def handle(self, event: EditorEvent) -> None:
        """Take what the editor tells; never waits. Raises InvalidInput."""

    def events(self) -> AsyncIterator[SessionEvent]:
        """Stream what the editor is to be told, until the end."""

    def end(self) -> None:
        """Let `events` end: the editor says no more."""

    async def close(self) -> None:
        """Stop what is under way."""


class CompletionTask(Protocol):
    """What completes code."""

    def answer(self, question: CompletionQuestion) -> AsyncIterator[Suggestion | CompletionEnd]:
        """Stream suggestions, each instead of the one before, then the end."""

    def open_session(self, client: str) -> EditingSession:
        """Return a session for one editor."""


class ChatTask(Protocol):
    """What answers a conversation."""

    def answer(self, question: ChatQuestion) -> AsyncIterator[ChatStep]:
        """Stream the beginning, the text in pieces, and the end."""


class ConversationTask(Protocol):
    """What answers in a kept conversation."""

    def answer(self, wish: AnswerWish) -> AsyncIterator[ConversationStep]:
        """Stream the kept answer's beginning, the text in pieces, and the end."""


class MeterTask(Protocol):
    """What measures a message before it is sent."""

    async def measure(self, wish: MeasureWish) -> ChatMeasure:
        """Tell what the message would cost with all that comes before it."""


class TitleTask(Protocol):
    """What names conversations."""

    async def write(self, wish: TitleWish) -> Conversation:
        """Return the conversation with its new title, or as it is."""


class SummaryTask(Protocol):
    """What shortens long conversations."""

    def write(self, wish: SummaryWish) -> AsyncIterator[SummaryProgress | Message]:
        """Stream the progress, then the message with its summary."""


class FolderSearching(Protocol):
    """What searches folders."""

    async def search(self, folder: Path, question: str, *, size: int, most_bytes: int) -> Found:
        """Return the passages of a folder that fit a question."""


class ReviewTask(Protocol):
    """What finds defects."""

    def answer(self, question: ReviewQuestion) -> AsyncIterator[ReviewStep]:
        """Stream the beginning, findings and files as they are done, and the end."""


class TestWritingTask(Protocol):
    """What writes tests."""

    def answer(self, question: WritingQuestion) -> AsyncIterator[WritingStep]:
        """Stream the beginning, the steps of each function, and the file's whole text."""


class EditTask(Protocol):
    """What changes code."""

    def answer(self, question: EditQuestion) -> AsyncIterator[EditStep]:
        """Stream the beginning, new lines as they are written, and the edit."""


class TalkTask(Protocol):
    """What talks about code."""

    def answer(self, question: TalkQuestion) -> AsyncIterator[TalkStep]:
        """Stream the beginning, Markdown in pieces, and the end."""


class LoadedModels(Protocol):
    """Who keeps models loaded."""

    def prepare(self, name: str) -> AsyncIterator[LoadedModelState]:
        """Load a model and stream the steps until it is ready."""

    def states(self) -> Sequence[LoadedModelState]:
        """Return the models that are loaded or being loaded."""

    async def unload(self, name: str) -> None:
        """Take a model out of memory; nothing happens where it is not in it."""

    async def forget(self, project_folder: str) -> Forgotten:
        """Delete what was kept of a project's files; of all projects where none is named."""


class Store(Protocol):
    """The model store; every method blocks."""

    def cards(self) -> Sequence[ModelCard]:
        """Return all models' cards."""

    def card(self, name: str) -> ModelCard:
        """Return the card of the model `name`: an id, a unique beginning of one, `default`."""

    def memory_fit(self, name: str, cells: int) -> MemoryFit | None:
        """Judge a model with a KV cache of `cells` tokens against the free memory."""

    def download(
        self, name: str, *, licence_accepted: bool, report: Report, cancelled: Cancelled
    ) -> ModelCard:
        """Fetch a model, or go on with it. Raises LicenceNotAccepted before the first byte."""

    def import_file(
        self, path: Path, *, model_id: str, report: Report, cancelled: Cancelled
    ) -> ModelCard:
        """Take a copy of a file in; an empty id means one made from the file's name."""

    def verify(self, name: str, *, report: Report, cancelled: Cancelled) -> ModelCard:
        """Compare a model's file with its digest."""

    def remove(self, name: str) -> int:
        """Delete a model's file and return the freed bytes."""
