"""Runs the engine from its start to its end: the composition root."""

from __future__ import annotations

import asyncio
import faulthandler
import importlib
import logging
import resource
import secrets
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from os import getpid
from pathlib import Path
from typing import TYPE_CHECKING

from engine.daemon.ending import Ending
from engine.daemon.endpoint_watch import EndpointWatch
from engine.daemon.idle_exit import wait_until_idle
from engine.daemon.instance_lock import InstanceLock
from engine.daemon.logs import OUR_LOGGER, Log, open_log
from engine.daemon.loopback import LoopbackAddress
from engine.daemon.parts import Parts, build_parts
from engine.errors import EngineError, ModelNotFound, ModelUnavailable, UnsafeEndpoint
from engine.service.blocking_work import BlockingWork
from engine.service.request_ledger import RequestLedger
from engine.settings import Settings
from rpc.endpoint import (
    Endpoint,
    UnsafeDirectory,
    endpoint_path,
    ensure_private_directory,
    remove_endpoint,
    write_endpoint,
)
from rpc.places import runtime_directory, state_directory

if TYPE_CHECKING:  # both bring gRPC along
    from engine.daemon.door import Door
    from engine.service.server import EngineServer

LOCK_NAME = "engine.lock"
# How long a new engine waits for one that is on its way out.
_SECONDS_FOR_PREDECESSOR = 15.0
_SECONDS_BETWEEN_LOOKS = 5.0
# After the grace and the last responses; more means that something hangs in a system call.
_SECONDS_TO_LEAVE = 10.0
_OPEN_FILES = 16384


@dataclass(frozen=True)
class Options:
    """What an engine is started with. `listen` None means the Unix socket."""

    settings: Settings
    listen: LoopbackAddress | None = None
    seconds_between_looks: float = _SECONDS_BETWEEN_LOOKS


PartsBuilder = Callable[[Settings, Path], Awaitable[Parts]]


def run(options: Options, builder: PartsBuilder = build_parts) -> None:
    """Run an engine until its end.

    Raises EngineAlreadyRunning, UnsafeEndpoint, or an EngineError where it cannot start.
    """
    runtime = _private_runtime()
    _allow_many_connections()
    # Never released by hand: it goes with the process, when nothing of ours can happen any more.
    lock = InstanceLock.take(runtime / LOCK_NAME, wait_seconds=_SECONDS_FOR_PREDECESSOR)
    log = open_log(state_directory(), options.settings.log_level)
    try:
        asyncio.run(_Engine(options, runtime, lock, log).run(builder))
    finally:
        log.close()


class _Engine:
    """One run of the engine."""

    def __init__(self, options: Options, runtime: Path, lock: InstanceLock, log: Log) -> None:
        self._options = options
        self._runtime = runtime
        self._lock = lock
        self._log = log
        self._logger = logging.getLogger(OUR_LOGGER)
        self._version = ""
        self._run_id = secrets.token_hex(8)
        self._token = secrets.token_urlsafe(32)
        self._ledger = RequestLedger()

    async def run(self, builder: PartsBuilder) -> None:
        """Start, serve, end."""
        asyncio.get_running_loop().set_exception_handler(self._log_stray)
        ending = Ending()
        ending.listen_to_signals(self._options.settings.stop_grace_seconds)
        async with AsyncExitStack() as stack:
            parts = await builder(self._options.settings, self._log.worker_path)
            stack.push_async_callback(parts.close)
            warming = asyncio.create_task(self._warm_up(parts))
            work = BlockingWork(self._ledger)
            stack.callback(work.close)
            server, door = await self._open(parts, work, ending)
            stack.push_async_callback(server.stop)
            await server.start()
            endpoint = self._endpoint(door)
            write_endpoint(endpoint, endpoint_path())
            stack.callback(remove_endpoint, self._run_id)
            self._say_serving(door)
            background = [
                warming,
                asyncio.create_task(self._watch(door, endpoint, ending)),
                asyncio.create_task(self._end_when_idle(ending)),
            ]
            await ending.wait()
            await self._wind_down(server, ending)
            await _cancel(background)
            faulthandler.dump_traceback_later(_SECONDS_TO_LEAVE, exit=True)

    async def _open(
        self, parts: Parts, work: BlockingWork, ending: Ending
    ) -> tuple[EngineServer, Door]:
        # gRPC takes a tenth of a second to import: in a thread, so that the model's worker is
        # started meanwhile.
        await asyncio.to_thread(_import_slow_parts)
        from importlib import metadata  # noqa: PLC0415

        from engine.daemon.opening import Run, open_server  # noqa: PLC0415

        self._version = metadata.version("limpet")

        return open_server(
            Run(self._run_id, self._token, self._version, self._log.path, self._logger),
            parts,
            settings=self._options.settings,
            ledger=self._ledger,
            work=work,
            ending=ending,
            runtime=self._runtime,
            listen=self._options.listen,
        )

    def _endpoint(self, door: Door) -> Endpoint:
        return Endpoint(
            address=door.address,
            token=self._token,
            pid=getpid(),
            run_id=self._run_id,
            engine_version=self._version,
            certificate=door.certificate,
        )

    def _say_serving(self, door: Door) -> None:
        fields = {"version": self._version, "pid": getpid(), "run_id": self._run_id}
        self._logger.info("serving", extra={"fields": fields})
        print(f"limpet-engine: serving at {door.address}", file=sys.stderr, flush=True)  # noqa: T201

    async def _warm_up(self, parts: Parts) -> None:
        """Load the model that the first keystroke will want, if it is here."""
        name = self._options.settings.completion_model or "default"
        outcome = "ready"
        with self._ledger.work():
            try:
                async for _ in parts.models.prepare(name):
                    pass
            except (ModelUnavailable, ModelNotFound) as error:
                outcome = error.reason  # whoever asks for the model is told
        self._logger.info("warm_up", extra={"fields": {"outcome": outcome}})

    async def _watch(self, door: Door, endpoint: Endpoint, ending: Ending) -> None:
        watch = EndpointWatch(self._lock, door.socket, endpoint, endpoint_path(), self._logger)
        reason = await watch.run(self._options.seconds_between_looks)
        ending.request(reason, self._options.settings.stop_grace_seconds)

    async def _end_when_idle(self, ending: Ending) -> None:
        seconds = self._options.settings.idle_exit_seconds
        if seconds:
            await wait_until_idle(self._ledger, seconds)
            ending.request("idle", 0.0)

    async def _wind_down(self, server: EngineServer, ending: Ending) -> None:
        """Refuse new work, let new clients find a new engine, and let open work finish."""
        fields = {"reason": ending.reason, "open_work": self._ledger.open_work}
        self._logger.info("stopping", extra={"fields": fields})
        self._ledger.stop_taking()
        self._lock.say_stopping()
        remove_endpoint(self._run_id)
        await server.say_not_serving()
        is_finished = await ending.let_work_finish(self._ledger)
        self._logger.info("stopped", extra={"fields": {"all_work_finished": is_finished}})

    def _log_stray(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Log an exception that no task was waiting for, without its text."""
        error = context.get("exception")
        self._logger.error("stray", exc_info=error if isinstance(error, BaseException) else None)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _import_slow_parts() -> None:
    importlib.import_module("engine.daemon.opening")
    importlib.import_module("importlib.metadata")


def _allow_many_connections() -> None:
    """Raise the usual limit of 1024 open files: idle clients must not lock others out."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _private_runtime() -> Path:
    directory = runtime_directory()
    try:
        return ensure_private_directory(directory)
    except UnsafeDirectory as trouble:
        raise UnsafeEndpoint(
            str(trouble), advice="Move it away, or set XDG_RUNTIME_DIR to a folder of your own."
        ) from trouble
    except OSError as trouble:
        raise EngineError(
            f"The folder {directory} for the engine's socket cannot be used: {trouble.strerror}.",
            advice="Set XDG_RUNTIME_DIR to a folder that can be written.",
        ) from trouble
