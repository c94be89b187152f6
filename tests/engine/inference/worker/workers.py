"""Models in real worker processes, answering from a script."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from engine.inference.language_model import (
    Finished,
    GenerationRequest,
    Piece,
    Prompt,
    Segment,
    Speed,
)
from engine.inference.messages import RuntimeSettings
from engine.inference.worker_model import WorkerModel

PATIENCE_SECONDS = 30.0
# A long prompt takes minutes to read, a short one no time: what is interrupted shows.
SLOW_TO_READ = """
prefill_tokens_per_second = 1.0
[[answers]]
text = "yes"
"""
ENDLESS = """
[[answers]]
when = "endless"
text = "on "
repeat = 3000
[[answers]]
when = "twenty"
text = "x "
repeat = 10
[[answers]]
text = "yes"
"""
LONG_PROMPT = (Segment(b"word " * 200),)
SETTINGS = RuntimeSettings(context_tokens=4096, parallel_requests=4)


def asking(text: bytes | Prompt, *, most: int = 4000) -> GenerationRequest:
    prompt = (Segment(text),) if isinstance(text, bytes) else text
    return GenerationRequest(prompt=prompt, max_tokens=most)


@asynccontextmanager
async def scripted_model(
    folder: Path, script: str, settings: RuntimeSettings = SETTINGS
) -> AsyncIterator[WorkerModel]:
    """Start a worker with a script; nothing of it is left afterwards."""
    path = folder / "script.toml"
    path.write_text(script, "utf-8")
    model = WorkerModel(path, settings, Speed(), folder / "worker.log")
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await model.start()
            yield model
    finally:
        pid = model.pid
        await model.close()
        assert not pid or not is_running(pid)


async def whole_answer(model: WorkerModel, request: GenerationRequest) -> tuple[bytes, Finished]:
    """Return an answer's text and its end."""
    text = b""
    async with aclosing(model.generate(request)) as steps:
        async for step in steps:
            if isinstance(step, Finished):
                return text, step
            text += step.text
    raise AssertionError("the answer has no end")


async def begun(model: WorkerModel, request: GenerationRequest) -> AsyncGenerator[Piece | Finished]:
    """Return an answer of which the first piece was read."""
    steps = model.generate(request)
    assert isinstance(await anext(steps), Piece)
    return steps


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; the test's deadline ends the waiting."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - processes have no event to wait for
            await asyncio.sleep(0.005)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
