"""What an answer cost, as every client shows it."""

from __future__ import annotations

import msgspec

from rpc.stubs.limpet.v1 import figures_pb2


class Figures(msgspec.Struct, frozen=True):
    """The cost of one answer; times are measured in the engine from the request's arrival.

    `drafted_tokens` were guessed; `accepted_tokens` of them came true and count as generated.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
    time_to_first_token_ms: float = 0.0
    total_ms: float = 0.0
    tokens_per_second: float = 0.0
    model: str = ""
    drafted_tokens: int = 0
    accepted_tokens: int = 0


def figures_from_wire(message: figures_pb2.Figures) -> Figures:
    """Return the figures of a wire message."""
    return Figures(
        prompt_tokens=message.prompt_tokens,
        cached_tokens=message.cached_tokens,
        generated_tokens=message.generated_tokens,
        time_to_first_token_ms=message.time_to_first_token_ms,
        total_ms=message.total_ms,
        tokens_per_second=message.tokens_per_second,
        model=message.model,
        drafted_tokens=message.drafted_tokens,
        accepted_tokens=message.accepted_tokens,
    )
