"""What an answer cost, as a JSON object and as a line for people."""

from __future__ import annotations

from rpc.figures import Figures


def figures_object(figures: Figures) -> dict[str, object]:
    """Return the figures as they appear in every JSON answer."""
    return {
        "prompt_tokens": figures.prompt_tokens,
        "cached_tokens": figures.cached_tokens,
        "generated_tokens": figures.generated_tokens,
        "time_to_first_token_ms": round(figures.time_to_first_token_ms, 2),
        "total_ms": round(figures.total_ms, 2),
        "tokens_per_second": round(figures.tokens_per_second, 2),
        "model": figures.model,
        "drafted_tokens": figures.drafted_tokens,
        "accepted_tokens": figures.accepted_tokens,
    }


def figures_line(figures: Figures) -> str:
    """Return the figures in one line."""
    cached = f" ({figures.cached_tokens} cached)" if figures.cached_tokens else ""
    parts = [
        f"{figures.prompt_tokens} tokens read{cached}",
        f"{figures.generated_tokens} written",
        f"first after {figures.time_to_first_token_ms / 1000:.2f} s",
    ]
    if figures.tokens_per_second:
        parts.append(f"{figures.tokens_per_second:.1f} tokens/s")
    if figures.model:
        parts.append(figures.model)
    return " · ".join(parts)
