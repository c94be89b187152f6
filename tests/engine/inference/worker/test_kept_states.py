"""A worker that ends writes what it has read of a project's files; the next one has it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from engine.inference.language_model import (
    Figures,
    Finished,
    GenerationRequest,
    Keeping,
    Segment,
    Speed,
)
from engine.inference.messages import Parking
from engine.inference.parking.state_folder import state_files
from engine.inference.worker_model import WorkerModel
from tests.engine.inference.worker.workers import PATIENCE_SECONDS, SETTINGS

pytestmark = pytest.mark.asyncio

SAYS_YES = '[[answers]]\ntext = "yes"\n'
MEMORY = 1 << 20


def prompt_of(project: Path) -> GenerationRequest:
    text = b"".join(b"def value_%d(): return %d\n" % (number, number) for number in range(60))
    keeping = Keeping(str(project), "a.py")
    return GenerationRequest(prompt=(Segment(text),), max_tokens=0, keeping=keeping)


async def figures_of(model: WorkerModel, request: GenerationRequest) -> Figures:
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(model.generate(request)) as steps:
        async for step in steps:
            if isinstance(step, Finished):
                return step.figures
    raise AssertionError("the answer never ended")


async def read_by_a_new_worker(folder: Path, parking: Parking) -> Figures:
    script = folder / "script.toml"
    script.write_text(SAYS_YES, "utf-8")
    model = WorkerModel(script, SETTINGS, Speed(), folder / "worker.log", parking=parking)
    await model.start()
    try:
        return await figures_of(model, prompt_of(folder))
    finally:
        await model.close()


async def test_the_next_worker_begins_warm(tmp_path: Path) -> None:
    parking = Parking(MEMORY, str(tmp_path / "states"), 1 << 20, "model")
    first = await read_by_a_new_worker(tmp_path, parking)
    assert first.cached_tokens == 0
    assert len(list(state_files(tmp_path / "states"))) == 1
    second = await read_by_a_new_worker(tmp_path, parking)
    assert second.cached_tokens == second.prompt_tokens - 1


@pytest.mark.parametrize("off", [{"folder_bytes": 0}, {"memory_bytes": 0}, {"folder": ""}])
async def test_where_nothing_may_be_kept_nothing_is(
    tmp_path: Path, off: dict[str, int | str]
) -> None:
    wished = {
        "memory_bytes": MEMORY,
        "folder": str(tmp_path / "states"),
        "folder_bytes": 1 << 20,
        "model": "model",
    }
    parking = Parking(**{**wished, **off})  # type: ignore[arg-type]
    for _ in range(2):
        assert (await read_by_a_new_worker(tmp_path, parking)).cached_tokens == 0
    assert not (tmp_path / "states").exists()
