"""Puts the services together and opens the door. Slow to import, since it brings gRPC along."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from engine.daemon.door import Door, open_door
from engine.daemon.ending import Ending
from engine.daemon.loopback import LoopbackAddress
from engine.daemon.parts import Parts
from engine.service.action_servicer import ActionServicer
from engine.service.blocking_work import BlockingWork
from engine.service.chat_servicer import ChatServicer
from engine.service.completion_servicer import CompletionServicer
from engine.service.conversation_servicer import ConversationServicer
from engine.service.engine_servicer import EngineServicer
from engine.service.folder_search_servicer import FolderSearchServicer
from engine.service.model_servicer import ModelServicer
from engine.service.request_ledger import RequestLedger
from engine.service.review_servicer import ReviewServicer
from engine.service.server import EngineServer, Servicers
from engine.service.test_writing_servicer import TestWritingServicer
from engine.settings import Settings


@dataclass(frozen=True)
class Run:
    """What tells this run of the engine from others, and where it logs."""

    run_id: str
    token: str
    version: str
    log_path: Path | None
    logger: logging.Logger


def open_server(
    run: Run,
    parts: Parts,
    *,
    settings: Settings,
    ledger: RequestLedger,
    work: BlockingWork,
    ending: Ending,
    runtime: Path,
    listen: LoopbackAddress | None,
) -> tuple[EngineServer, Door]:
    """Return the server, bound but not started, and its door. Raises as `open_door` does."""
    servicers = Servicers(
        engine=EngineServicer(
            models=parts.models,
            ledger=ledger,
            settings=settings,
            version=run.version,
            run_id=run.run_id,
            log_path=str(run.log_path or ""),
            stop=lambda grace: ending.request("shutdown", grace),
            logger=run.logger,
        ),
        completion=CompletionServicer(parts.complete_code),
        chat=ChatServicer(parts.answer_chat),
        actions=ActionServicer(parts.action_words, parts.edit_code, parts.talk_about_code),
        review=ReviewServicer(parts.find_defects),
        test_writing=TestWritingServicer(parts.write_tests),
        models=ModelServicer(
            parts.store, work, unload=parts.models.unload, cells=settings.context_tokens
        ),
        conversations=ConversationServicer(
            parts.conversations, parts.converse, parts.meter, parts.titles, parts.summaries
        ),
        folder_search=FolderSearchServicer(parts.folder_search),
    )
    server = EngineServer(servicers, token=run.token, ledger=ledger, logger=run.logger)
    return server, open_door(server, runtime, listen)
