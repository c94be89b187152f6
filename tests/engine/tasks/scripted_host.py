"""A model host over scripts: real worker processes, files that are handed out on demand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from engine.errors import ModelNotFound
from engine.inference.language_model import Speed
from engine.inference.messages import RuntimeSettings
from engine.inference.model_provider import Role
from engine.inference.probe.probe import Probe
from engine.inference.probe.report import ProbeResult
from engine.tasks.prepare_model.model_host import ModelFiles, ModelHost, ReportFraction
from engine.tasks.prepare_model.pace import Pace

PATIENCE_SECONDS = 30.0
SETTINGS = RuntimeSettings(context_tokens=4096, parallel_requests=4)


class ScriptFiles:
    """Hands out `NAME.toml` of a folder for the model NAME, when the gate is open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = 0
        self.report: ReportFraction | None = None

    def resolve(self, name: str) -> str:
        if name == "unknown":
            raise ModelNotFound("There is no such model.")
        return name or "default"

    async def checked_file(self, model_id: str, report: ReportFraction) -> Path:
        self.asked += 1
        self.report = report
        await asyncio.to_thread(report, 0.5)
        await self.gate.wait()
        return self._folder / f"{model_id}.toml"


class UnknownProbe(Probe):
    """A probe that was never asked about any model."""

    def is_known(self, path: Path, settings: RuntimeSettings) -> bool:
        return False

    async def result_for(self, path: Path, settings: RuntimeSettings) -> ProbeResult:
        return ProbeResult(settings, Speed(100.0, 10.0, threads=3), "processor only")


@asynccontextmanager
async def scripted_host(
    folder: Path, settings: RuntimeSettings = SETTINGS, pace: Pace | None = None, **scripts: str
) -> AsyncIterator[tuple[ModelHost, ScriptFiles]]:
    """Build a host whose models are these scripts; `default` serves where no name is given."""
    for name, script in scripts.items():
        (folder / f"{name}.toml").write_text(script, "utf-8")
    files = ScriptFiles(folder)
    host = ModelHost(
        ModelFiles(files.resolve, files.checked_file),
        UnknownProbe(folder / "probes"),
        settings,
        log_path=folder / "worker.log",
        role_models={Role.CHAT: "chat"},
        pace=pace,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield host, files
    finally:
        await host.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; the test's deadline ends the waiting."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - processes have no event to wait for
            await asyncio.sleep(0.005)
