"""The two ways to fill a hole: the prompt as peers send it, and the product's own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

import msgspec

from engine.inference.language_model import GenerationRequest, Piece, Speed
from engine.inference.messages import RuntimeSettings
from engine.inference.worker_model import WorkerModel
from engine.prompts.catalog import Catalog
from engine.prompts.family import Family
from engine.prompts.renderer import render_fim
from engine.prompts.turns import FimParts
from rpc.client import Limpet
from rpc.extent import Extent
from tests.bench.completion.quality.cases import FimCase, Split

# As many as the product gives a line and a block.
_LINE_TOKENS, _BLOCK_TOKENS = 64, 192
_PATH = "solution.py"


class Filling(msgspec.Struct, frozen=True):
    """What was put into a hole, and how much of the rest it overwrites, in characters."""

    text: str
    replaces: int = 0


def psm_fillings(
    split: Split, model_file: Path, settings: RuntimeSettings, folder: Path
) -> list[Filling]:
    """Fill holes with the plain prefix, suffix, middle prompt on the same runtime, greedily."""
    return asyncio.run(_psm_fillings(split, model_file, settings, folder))


async def _psm_fillings(
    split: Split, model_file: Path, settings: RuntimeSettings, folder: Path
) -> list[Filling]:
    model = WorkerModel(model_file, settings, Speed(), folder / "psm-worker.log")
    try:
        await model.start()
        family = Catalog.load().recognise(model.facts)
        stop = (b"\n",) if split.is_single_line else ()
        return [await _psm_filling(model, family, case, stop) for case in split.cases]
    finally:
        await model.close()


async def _psm_filling(
    model: WorkerModel, family: Family, case: FimCase, stop: Sequence[bytes]
) -> Filling:
    parts = FimParts(prefix=case.prompt.encode(), suffix=case.suffix.encode(), middle=b"")
    request = GenerationRequest(
        prompt=render_fim(family, parts),
        max_tokens=_LINE_TOKENS if stop else _BLOCK_TOKENS,
        stop_texts=tuple(stop),
        stop_tokens=family.stop_tokens,
    )
    text = b""
    async with aclosing(model.generate(request)) as steps:
        async for step in steps:
            if isinstance(step, Piece):
                text += step.text
    return Filling(text.decode("utf-8", "replace"))


def product_fillings(
    split: Split, client: Limpet, model: str, *, extent: Extent = Extent.UNSPECIFIED
) -> list[Filling]:
    """Fill holes as a user of the product gets them filled."""
    return [_product_filling(case, client, model, extent) for case in split.cases]


def _product_filling(case: FimCase, client: Limpet, model: str, extent: Extent) -> Filling:
    before, after = case.prompt.encode(), case.suffix.encode()
    stream = client.completion.complete(
        _PATH, before + after, len(before), model=model, extent=extent
    )
    suggestions = stream.result().suggestions
    if not suggestions:
        return Filling("")
    best = suggestions[0]
    replaced = after[: best.replaces_bytes].decode("utf-8", "replace")
    return Filling(best.text.decode("utf-8", "replace"), len(replaced))
