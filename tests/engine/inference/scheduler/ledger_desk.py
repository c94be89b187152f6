"""A desk over a ledger whose answers are given."""

from __future__ import annotations

from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime

CHAT = b"c" * 40


def desk_with(
    answers: dict[bytes, bytes],
    *,
    most_running: int = 4,
    cells: int = 256,
    batch_size: int = 16,
    context_length: int = 128,
) -> Desk[LedgerRuntime]:
    runtime = LedgerRuntime(
        answers={prompt: list(answer) for prompt, answer in answers.items()},
        cells=cells,
        batch_size=batch_size,
        context_length=context_length,
    )
    return Desk(runtime, most_running=most_running)
