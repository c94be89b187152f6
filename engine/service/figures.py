"""Puts an answer's figures on the wire."""

from __future__ import annotations

from engine.inference.language_model import Figures
from rpc.stubs.limpet.v1 import figures_pb2


def figures_message(figures: Figures, model: str) -> figures_pb2.Figures:
    """Return the message for `figures` of an answer by `model`."""
    return figures_pb2.Figures(
        prompt_tokens=figures.prompt_tokens,
        cached_tokens=figures.cached_tokens,
        generated_tokens=figures.generated_tokens,
        time_to_first_token_ms=figures.time_to_first_token_ms,
        total_ms=figures.total_ms,
        tokens_per_second=figures.tokens_per_second,
        model=model,
        drafted_tokens=figures.drafted_tokens,
        accepted_tokens=figures.accepted_tokens,
    )
