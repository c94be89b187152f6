"""Keeps a model's stated speed honest: the probe may have measured a busy machine."""

from __future__ import annotations

import msgspec

from engine.inference.language_model import Figures, Speed

# Shorter answers and prompts are ruled by what happens once: the first decode, a cold cache.
LEAST_GENERATED_TOKENS = 32
LEAST_READ_TOKENS = 128


class ObservedSpeed:
    """The probe's speed, raised by what answers show to be possible, never lowered."""

    def __init__(self, measured: Speed) -> None:
        self._speed = measured

    @property
    def speed(self) -> Speed:
        """The best that was seen until now."""
        return self._speed

    def note(self, figures: Figures, *, was_alone: bool) -> None:
        """Learn from an answer; `was_alone` says that no other shared the model meanwhile."""
        # An answer whose drafts came true was quicker than the model decodes.
        is_plain = figures.accepted_tokens == 0
        if is_plain and figures.generated_tokens >= LEAST_GENERATED_TOKENS:
            decode = max(self._speed.decode_tokens_per_second, figures.tokens_per_second)
            self._speed = msgspec.structs.replace(self._speed, decode_tokens_per_second=decode)
        read = figures.prompt_tokens - figures.cached_tokens
        if was_alone and read >= LEAST_READ_TOKENS and figures.time_to_first_token_ms > 0:
            seen = 1000 * read / figures.time_to_first_token_ms
            prefill = max(self._speed.prefill_tokens_per_second, seen)
            self._speed = msgspec.structs.replace(self._speed, prefill_tokens_per_second=prefill)
