"""What reopening a file costs: read anew, and taken from the disk by the next worker.

    python -m tests.bench.parking MODEL.gguf [--tokens 1000] [--rounds 3]

Each round begins with an empty folder: a worker reads a prompt and ends, and another one reads the
same prompt. The time to the first token of the second one is what an editor waits that is opened
again. Standard output gets one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import statistics
import sys
import tempfile
from contextlib import aclosing
from pathlib import Path

from engine.inference.language_model import (
    Figures,
    Finished,
    GenerationRequest,
    Keeping,
    Segment,
    Speed,
)
from engine.inference.messages import Parking, RuntimeSettings
from engine.inference.parking.state_folder import state_files
from engine.inference.worker_model import WorkerModel

_BYTES_A_TOKEN = 4
_MEMORY = 512 << 20


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--tokens", type=int, default=1000, help="about the prompt's length")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    rounds = [
        asyncio.run(_round(arguments.model, arguments.tokens)) for _ in range(arguments.rounds)
    ]
    medians = {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
    medians["warm_to_cold"] = medians["warm_ms"] / medians["cold_ms"]
    print(json.dumps({"rounds": rounds, "medians": medians}, indent=2))
    return 0


async def _round(model: Path, tokens: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The source of a module that every Python has.
        text = inspect.getsource(argparse).encode()[: tokens * _BYTES_A_TOKEN]
        keeping = Keeping(name, "argparse.py")
        request = GenerationRequest((Segment(text),), max_tokens=1, keeping=keeping)
        cold = await _read(model, folder, request)
        (state,) = state_files(folder / "states")
        warm = await _read(model, folder, request)
        return {
            "prompt_tokens": cold.prompt_tokens,
            "state_bytes": state.stat().st_size,
            "cold_ms": cold.time_to_first_token_ms,
            "warm_ms": warm.time_to_first_token_ms,
            "warm_tokens_read": warm.prompt_tokens - warm.cached_tokens,
        }


async def _read(path: Path, folder: Path, request: GenerationRequest) -> Figures:
    parking = Parking(_MEMORY, str(folder / "states"), _MEMORY, "bench")
    settings = RuntimeSettings(context_tokens=8192, parallel_requests=2)
    model = WorkerModel(path, settings, Speed(), folder / "worker.log", parking=parking)
    await model.start()
    try:
        async with aclosing(model.generate(request)) as steps:
            async for step in steps:
                if isinstance(step, Finished):
                    return step.figures
    finally:
        await model.close()
    raise RuntimeError("the answer never ended")


if __name__ == "__main__":
    sys.exit(main())
