"""The two ways to fill a hole: the prompt as peers send it, and the product's own."""

from __future__ import annotations

import asyncio
import tomllib
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

_ENDING = Path(__file__).with_name("plain_prompt.toml")
_PATH = "solution.py"


class Ending(msgspec.Struct, frozen=True):
    """How the plain prompt's answer is ended."""

    line_tokens: int
    block_tokens: int
    stop_texts: tuple[str, ...]


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
        ending = msgspec.convert(tomllib.loads(_ENDING.read_text("utf-8")), Ending)
        is_line = split.is_single_line
        stops = (b"\n",) if is_line else tuple(each.encode() for each in ending.stop_texts)
        tokens = ending.line_tokens if is_line else ending.block_tokens
        return [
            await _psm_filling(model, family, case, stops, tokens, is_line=is_line)
            for case in split.cases
        ]
    finally:
        await model.close()


async def _psm_filling(
    model: WorkerModel,
    family: Family,
    case: FimCase,
    stops: tuple[bytes, ...],
    tokens: int,
    *,
    is_line: bool,
) -> Filling:
    parts = FimParts(prefix=case.prompt.encode(), suffix=case.suffix.encode(), middle=b"")
    request = GenerationRequest(
        prompt=render_fim(family, parts),
        max_tokens=tokens,
        stop_texts=stops,
        stop_tokens=family.stop_tokens,
    )
    text = b""
    async with aclosing(model.generate(request)) as steps:
        async for step in steps:
            if isinstance(step, Piece):
                text += step.text
    # The hole of a whole line holds its end too, where the answer was stopped.
    if (is_line or text.strip()) and case.canonical_solution.endswith("\n"):
        text = text.rstrip(b"\n") + b"\n"
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
