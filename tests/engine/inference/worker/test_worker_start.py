"""How a worker starts, what is said when it does not, and what it may see."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from engine.errors import ModelLoadFailed
from engine.inference import worker_process
from engine.inference.language_model import Speed
from engine.inference.worker_model import WorkerModel
from engine.inference.worker_process import WorkerProcess
from tests.engine.inference.worker.workers import ENDLESS, SETTINGS, scripted_model, until

pytestmark = pytest.mark.asyncio

# --- starting ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ('rejects = "no memory left"', "a.toml", "no memory left"),
        ("answers = 3", "a.toml", "no script"),
        ("GGUF is what this is not", "a.gguf", "a.gguf could not be loaded"),
        (None, "gone.toml", "gone.toml"),
        (None, "gone.gguf", "gone.gguf could not be loaded"),
    ],
)
async def test_what_cannot_be_opened_is_said(
    tmp_path: Path, content: str | None, name: str, says: str
) -> None:
    if name.endswith(".gguf"):
        pytest.importorskip("llama_cpp")
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    model = WorkerModel(path, SETTINGS, Speed(), tmp_path / "worker.log")
    with pytest.raises(ModelLoadFailed, match=says):
        await model.start()
    await model.close()


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit(7)", "print('no frame at all')", "import os; os.kill(os.getpid(), 9)"],
)
async def test_a_worker_that_ends_at_once_is_a_model_that_does_not_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(
        worker_process, "worker_command", lambda _module: [sys.executable, "-c", program]
    )
    model = WorkerModel(tmp_path / "a.gguf", SETTINGS, Speed(), tmp_path / "worker.log")
    with pytest.raises(ModelLoadFailed, match="ended at once"):
        await model.start()
    await model.close()


async def test_a_start_that_is_cancelled_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid_file = tmp_path / "pid"
    program = (
        "import os, pathlib, sys, time\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(600)"
    )
    monkeypatch.setattr(
        worker_process, "worker_command", lambda _module: [sys.executable, "-c", program]
    )
    starting = asyncio.create_task(
        WorkerProcess.start(tmp_path / "a.gguf", SETTINGS, tmp_path / "worker.log")
    )
    await until(lambda: pid_file.exists() and pid_file.read_text() != "")
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


# --- what it may see --------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
async def test_a_worker_inherits_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "LIMPET_TOKEN", "SSH_AUTH_SOCK"):
        monkeypatch.setenv(name, "planted-secret")
    async with scripted_model(tmp_path, ENDLESS) as model:
        environment = Path(f"/proc/{model.pid}/environ")
        seen = await asyncio.to_thread(environment.read_bytes)
        assert b"PATH=" in seen
        assert b"planted-secret" not in seen
