"""The real daemon, with fake tasks behind its services that do what a request's text says."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from engine import errors
from engine.conversations.store import ConversationStore
from engine.daemon.answering import answering_by
from engine.daemon.daemon import Options, run
from engine.daemon.loopback import parse_loopback
from engine.daemon.parts import Parts, conversations_path
from engine.inference.language_model import Figures, Speed
from engine.inference.model_provider import LoadedModelState, Stage
from engine.inference.parking.state_folder import Forgotten
from engine.model_store.catalogue import load_catalogue
from engine.model_store.store import ModelStore
from engine.prompts.action_words import ActionWords
from engine.prompts.catalog import Catalog
from engine.prompts.measure import ChatMeasure, MeasuredPart, MeasuredTurn, PartKind
from engine.retrieval.folder_search import FolderSearch
from engine.settings import Settings, load_settings
from engine.tasks.answer_chat.question import (
    AnswerEnd,
    ChatBegan,
    ChatEnd,
    ChatQuestion,
    ChatStep,
    ChatText,
)
from engine.tasks.complete_code.question import CompletionEnd, CompletionQuestion, Suggestion
from engine.tasks.complete_code.session.events import (
    EditorEvent,
    SessionEvent,
    SessionSuggestion,
    Suggest,
    Suggestions,
)
from engine.tasks.converse.converse import Converse
from engine.tasks.converse.measuring import ConversationMeter
from engine.tasks.converse.summaries import SummaryWriter
from engine.tasks.converse.titles import TitleWriter
from engine.tasks.find_defects import assembly
from engine.tasks.write_tests.question import WritingQuestion, WritingStep
from rpc.places import cache_directory, config_directory, data_directory
from tests.engine.daemon.fake_actions import FakeEdit, FakeTalk

FIGURES = Figures(10, 4, 3, 1.5, 9.25, 80.0)
LOOKS_VARIABLE = "LIMPET_TEST_LOOKS"
LISTEN_VARIABLE = "LIMPET_TEST_LISTEN"
FOLDER_VARIABLE = "LIMPET_TEST_FOLDER"


class FakeTasks:
    """Does what the text says: `fail NAME`, `defect`, `hold`, or echoes it.

    `hold` writes the file `begun`, then streams a tick every few milliseconds until the file
    `release` exists; when it is closed before that it writes the file `closed`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = 0

    async def answer_chat(self, question: ChatQuestion) -> AsyncIterator[ChatStep]:
        text = question.turns[-1].content
        yield ChatBegan(10, 2048)
        async for piece in self._follow(text):
            yield ChatText(piece)
        yield ChatEnd(AnswerEnd.COMPLETE, FIGURES, "fake")

    async def measure(
        self,
        turns: Sequence[MeasuredTurn],
        *,
        model_name: str,
        max_tokens: int,
        language: str,
    ) -> ChatMeasure:
        """Count bytes as tokens."""
        parts = tuple(
            MeasuredPart(
                PartKind.MESSAGE if message.id else PartKind.DRAFT,
                len(message.content),
                message.id,
                place=language,
                is_left_out=number > 1,
            )
            for turn in turns
            for number, message in enumerate(turn.messages)
        )
        needed = sum(part.tokens for part in parts)
        return ChatMeasure(parts, needed, max_tokens, 2048, needed < 2048, model_name or "fake")

    async def complete(
        self, question: CompletionQuestion
    ) -> AsyncIterator[Suggestion | CompletionEnd]:
        async for piece in self._follow(question.text):
            yield Suggestion(piece, 2, 0.5)
        yield CompletionEnd((Suggestion(b"whole"),), FIGURES, "fake", "end_of_line")

    async def _follow(self, text: bytes) -> AsyncIterator[bytes]:
        word, _, rest = text.decode("utf-8", "replace").partition(" ")
        if word == "fail":
            raise _failure(rest)
        if word == "defect":
            raise RuntimeError(f"in the middle of {rest}")
        if word != "hold":
            yield text
            return
        self._running += 1
        try:
            (self._folder / "begun").touch()
            while not (self._folder / "release").exists():
                yield b"tick"
                await asyncio.sleep(0.005)
        except BaseException:
            (self._folder / "closed").touch()
            raise
        finally:
            self._running -= 1
        yield b"released"

    async def prepare(self, name: str) -> AsyncIterator[LoadedModelState]:
        if name == "broken":
            raise errors.ModelLoadFailed("The model does not load.")
        yield LoadedModelState(name, Stage.LOADING, 0.5)
        yield self._ready(name)

    def states(self) -> Sequence[LoadedModelState]:
        return (self._ready("fake"),)

    def _ready(self, name: str) -> LoadedModelState:
        speed = Speed(200.0, 20.0, threads=2, settings="")
        return LoadedModelState(
            name, Stage.READY, 1.0, os.getppid(), 2048, speed, running_requests=self._running
        )

    async def forget(self, project_folder: str) -> Forgotten:
        return Forgotten(states=len(project_folder), bytes=1)

    async def unload(self, name: str) -> None:
        (self._folder / f"unloaded-{name}").touch()

    async def close(self) -> None:
        (self._folder / "parts-closed").touch()


class _Completion:
    def __init__(self, tasks: FakeTasks) -> None:
        self.answer = tasks.complete

    def open_session(self, client: str) -> EchoSession:
        return EchoSession()


class EchoSession:
    """Suggests the version of the text that it was asked about."""

    def __init__(self) -> None:
        self._outbox: asyncio.Queue[SessionEvent | None] = asyncio.Queue()

    def handle(self, event: EditorEvent) -> None:
        if isinstance(event, Suggest):
            text = str(event.version).encode()
            found = (SessionSuggestion(text, 0, 0.5),)
            self._outbox.put_nowait(Suggestions(event.id, found, is_final=True))

    async def events(self) -> AsyncIterator[SessionEvent]:
        while (event := await self._outbox.get()) is not None:
            yield event

    def end(self) -> None:
        self._outbox.put_nowait(None)

    async def close(self) -> None:
        return None


class _Chat:
    def __init__(self, tasks: FakeTasks) -> None:
        self.answer = tasks.answer_chat


class _TestWriting:
    async def answer(self, question: WritingQuestion) -> AsyncIterator[WritingStep]:
        """Write none."""
        none: tuple[WritingStep, ...] = ()
        for step in none:
            yield step


def _failure(name: str) -> errors.EngineError:
    if name == "PromptTooLong":
        return errors.PromptTooLong(
            "It is too long.",
            needed_tokens=9000,
            available_tokens=2048,
            parts=(("src/app.py", 8000), ("turn 1", 1000)),
        )
    if name == "EngineBusy":
        return errors.EngineBusy("Too much is waiting.", retry_after_seconds=2.5)
    kind: type[errors.EngineError] = getattr(errors, name)
    return kind(f"The sentence of {name}.")


async def fake_parts(settings: Settings, worker_log: Path) -> Parts:
    """Build the fakes; the store is the real one, without sources."""
    tasks = FakeTasks(Path(os.environ[FOLDER_VARIABLE]))
    store = ModelStore(
        data_directory() / "models", catalogue=load_catalogue(), sources=(), offline=True
    )
    conversations = ConversationStore(conversations_path())
    meter = ConversationMeter(conversations, tasks.measure)
    folder_search = FolderSearch()

    async def close() -> None:
        await conversations.close()
        await folder_search.close()
        await tasks.close()

    return Parts(
        complete_code=_Completion(tasks),
        answer_chat=_Chat(tasks),
        conversations=conversations,
        converse=Converse(conversations, answering_by(_Chat(tasks)), Catalog.load()),
        action_words=ActionWords.load(),
        edit_code=FakeEdit(),
        talk_about_code=FakeTalk(),
        write_tests=_TestWriting(),
        meter=meter,
        titles=TitleWriter(conversations, answering_by(_Chat(tasks))),
        summaries=SummaryWriter(conversations, answering_by(_Chat(tasks)), meter),
        folder_search=folder_search,
        find_defects=assembly.assemble(cache_directory() / "reviews"),
        models=tasks,
        store=store,
        close=close,
    )


def main() -> None:
    """Run as the real command does, with the fakes."""
    os.umask(0o077)
    settings = load_settings(config_directory() / "settings.toml", os.environ)
    listen = os.environ.get(LISTEN_VARIABLE)
    run(
        Options(
            settings,
            parse_loopback(listen) if listen else None,
            float(os.environ.get(LOOKS_VARIABLE, "5")),
        ),
        fake_parts,
    )


if __name__ == "__main__":
    main()
