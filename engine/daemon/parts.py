"""Builds what stands behind the services: the store, the loaded models, and the tasks."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from engine.conversations.store import ConversationStore
from engine.daemon.answering import answering_by
from engine.inference.messages import Parking, RuntimeSettings
from engine.inference.model_provider import Role
from engine.inference.probe.probe import Probe
from engine.model_store.catalogue import load_catalogue
from engine.model_store.progress import Progress
from engine.model_store.sources.choice import sources_from
from engine.model_store.store import ModelStore
from engine.prompts.action_words import ActionWords
from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.retrieval.folder_search import FolderSearch
from engine.sandbox.sandbox import Sandbox
from engine.service.seams import (
    ChatTask,
    CompletionTask,
    ConversationTask,
    EditTask,
    FolderSearching,
    LoadedModels,
    MeterTask,
    ReviewTask,
    Store,
    SummaryTask,
    TalkTask,
    TestWritingTask,
    TitleTask,
)
from engine.settings import Settings
from engine.tasks.act_on_code.edit_code import EditCode
from engine.tasks.act_on_code.talk_about_code import TalkAboutCode
from engine.tasks.answer_chat.answer_chat import AnswerChat
from engine.tasks.complete_code.complete_code import CompleteCode
from engine.tasks.converse.converse import Converse
from engine.tasks.converse.measuring import ConversationMeter
from engine.tasks.converse.summaries import SummaryWriter
from engine.tasks.converse.titles import TitleWriter
from engine.tasks.find_defects import assembly
from engine.tasks.prepare_model.described_store import DescribedStore
from engine.tasks.prepare_model.model_host import ModelFiles, ModelHost, ReportFraction
from engine.tasks.prepare_model.pace import Pace
from engine.tasks.write_tests.open_run import OpenRunner
from engine.tasks.write_tests.write_tests import WriteTests
from rpc.places import cache_directory, data_directory

# Names the script of a model that is not there; for tests of everything around a model.
SCRIPT_VARIABLE = "LIMPET_SCRIPTED_MODEL"
SCRIPTED_MODEL_ID = "scripted"


@dataclass(frozen=True)
class Parts:
    """What the services ask, and how to end it."""

    complete_code: CompletionTask
    answer_chat: ChatTask
    action_words: ActionWords
    edit_code: EditTask
    talk_about_code: TalkTask
    find_defects: ReviewTask
    write_tests: TestWritingTask
    conversations: ConversationStore
    converse: ConversationTask
    meter: MeterTask
    titles: TitleTask
    summaries: SummaryTask
    folder_search: FolderSearching
    models: LoadedModels
    store: Store
    close: Callable[[], Awaitable[None]]


async def build_parts(settings: Settings, worker_log: Path) -> Parts:
    """Build the real parts; nothing slow happens here. Workers write to `worker_log`."""
    catalog, catalogue = Catalog.load(), load_catalogue()
    store = DescribedStore(
        data_directory() / "models",
        catalogue=catalogue,
        sources=sources_from(os.environ),
        families=catalog,
        offline=settings.offline,
        default_model=settings.default_model,
    )
    host = _model_host(store, settings, Pace(catalogue.models), worker_log)
    templates = TemplateRenderer()
    action_words = ActionWords.load()
    answer_chat = AnswerChat(host, catalog, templates)
    conversations = ConversationStore(conversations_path())
    meter = ConversationMeter(conversations, answer_chat.measure)
    folder_search = FolderSearch()

    complete_code = CompleteCode(host, catalog)

    async def close() -> None:
        complete_code.close()
        await conversations.close()
        await folder_search.close()
        await host.close()
        await templates.close()

    return Parts(
        complete_code=complete_code,
        answer_chat=answer_chat,
        conversations=conversations,
        converse=Converse(conversations, answering_by(answer_chat), catalog),
        meter=meter,
        titles=TitleWriter(conversations, answering_by(answer_chat)),
        summaries=SummaryWriter(conversations, answering_by(answer_chat), meter),
        folder_search=folder_search,
        action_words=action_words,
        edit_code=EditCode(host, catalog, templates, action_words),
        talk_about_code=TalkAboutCode(host, catalog, templates, action_words),
        find_defects=assembly.assemble(cache_directory() / "reviews"),
        write_tests=WriteTests(
            host, catalog, templates, runner=Sandbox(), open_runner=OpenRunner()
        ),
        models=host,
        store=store,
        close=close,
    )


def states_directory() -> Path:
    """Return the folder of what models have read of the projects' files."""
    return cache_directory() / "states"


def conversations_path() -> Path:
    """Return the file of the conversations."""
    return data_directory() / "conversations" / "conversations.sqlite3"


def _model_host(store: ModelStore, settings: Settings, pace: Pace, worker_log: Path) -> ModelHost:
    script = os.environ.get(SCRIPT_VARIABLE)
    return ModelHost(
        _files_of_script(Path(script)) if script else _files_of(store),
        Probe(cache_directory() / "probes"),
        _runtime_settings(settings),
        log_path=worker_log,
        role_models={
            Role.COMPLETION: settings.completion_model,
            Role.CHAT: settings.chat_model,
        },
        pace=pace,
        parking=Parking(
            memory_bytes=settings.parked_megabytes << 20,
            folder=str(states_directory()),
            folder_bytes=settings.kept_megabytes << 20,
        ),
    )


def _runtime_settings(settings: Settings) -> RuntimeSettings:
    return RuntimeSettings(
        context_tokens=settings.context_tokens,
        parallel_requests=settings.parallel_requests,
        threads=settings.threads,
        gpu_layers=settings.gpu_layers,
    )


def _files_of(store: ModelStore) -> ModelFiles:
    async def checked_file(model_id: str, report: ReportFraction) -> Path:
        def progress(step: Progress) -> None:
            if step.total_bytes:
                report(step.done_bytes / step.total_bytes)

        is_unwanted = threading.Event()
        try:
            return await asyncio.to_thread(
                store.path_of, model_id, report=progress, cancelled=is_unwanted.is_set
            )
        finally:
            is_unwanted.set()  # a digest of gigabytes must not hold up the engine's end

    return ModelFiles(store.resolve, checked_file)


def _files_of_script(script: Path) -> ModelFiles:
    async def checked_file(_model_id: str, _report: ReportFraction) -> Path:
        return script

    return ModelFiles(lambda _name: SCRIPTED_MODEL_ID, checked_file)
