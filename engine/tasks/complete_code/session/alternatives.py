"""Other suggestions for the same caret, sampled side by side in the same decodes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import msgspec

from engine.inference.language_model import (
    Finished,
    FinishReason,
    GenerationRequest,
    LanguageModel,
    Piece,
    Sampling,
)
from engine.tasks.complete_code.session.run import Written

USUAL_COUNT = 3
_SAMPLING = Sampling(temperature=0.8, top_k=40, top_p=0.95, min_p=0.05)


async def sampled(model: LanguageModel, request: GenerationRequest, count: int) -> list[Written]:
    """Return up to `count` texts that the model writes for a request whose prompt it has read.

    They share what is in the cache, and the scheduler decodes them together. Seeds are fixed, so
    that asking twice shows the same.
    """
    return [
        written
        for written in await asyncio.gather(
            *(_written(model, _variant(request, number)) for number in range(1, count + 1))
        )
        if written is not None
    ]


def _variant(request: GenerationRequest, number: int) -> GenerationRequest:
    return msgspec.structs.replace(
        request,
        sampling=msgspec.structs.replace(_SAMPLING, seed=number),
        supersedes=f"{request.supersedes} {number}",
    )


async def _written(model: LanguageModel, request: GenerationRequest) -> Written | None:
    text = b""
    log_probabilities: list[float] = []
    async with aclosing(model.generate(request)) as steps:
        async for step in steps:
            match step:
                case Piece():
                    text += step.text
                    log_probabilities.extend(step.log_probabilities)
                case Finished(FinishReason.CANCELLED):
                    return None
    return text, tuple(log_probabilities)
