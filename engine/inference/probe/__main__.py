"""The probe's child process: a model and settings in, its speed out; it may die of either."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import cast

import msgspec

from engine.errors import ModelLoadFailed
from engine.inference.messages import RuntimeSettings
from engine.inference.probe.measurement import ThreadsRuntime, measure
from engine.inference.probe.processor import thread_candidates
from engine.inference.probe.report import ProbeOrder, ProbeReport
from engine.inference.worker.process import open_runtime

# The probe reads at most this much at once; a small cache loads faster.
_CONTEXT_TOKENS = 512


def main() -> int:
    """Read the order from stdin and write the report to stdout."""
    answers = os.dup(1)
    os.dup2(2, 1)
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=ProbeOrder)
    settings = msgspec.structs.replace(
        order.settings, context_tokens=_CONTEXT_TOKENS, parallel_requests=1
    )
    with os.fdopen(answers, "wb") as output:
        output.write(msgspec.json.encode(_report(Path(order.path), settings)))
    return 0


def _report(path: Path, settings: RuntimeSettings) -> ProbeReport:
    try:
        runtime = cast("ThreadsRuntime", open_runtime(path, settings))
    except ModelLoadFailed as error:
        return ProbeReport(refusal=error.message)
    counts = (settings.threads,) if settings.threads > 0 else thread_candidates()
    return ProbeReport(speed=measure(runtime, counts))


if __name__ == "__main__":
    sys.exit(main())
