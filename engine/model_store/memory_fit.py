"""Judges whether a model fits the memory that is free now, its KV cache counted."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["fits", "tight", "too_large", "unknown"]

_F16_BYTES = 2
# What llama.cpp allocates besides weights and KV cache, with the engine's settings (at most 16 rows
# of logits, micro-batches of 512): its buffers for one pass grow with the embedding, the logits
# with the vocabulary. The factors are rounded up from what the 0.5B and 1.5B models take.
_FIXED_OVERHEAD_BYTES = 64 << 20
_MICRO_BATCH_TOKENS = 512
_BUFFERS_PER_TOKEN = 16
_LOGIT_ROWS = 16
_F32_BYTES = 4
# Above this share of the free memory other programs begin to suffer.
_COMFORTABLE_SHARE = 0.8


class MemoryNeed(msgspec.Struct, frozen=True, kw_only=True):
    """What a model takes of memory, in bytes, by purpose."""

    weights_bytes: int
    kv_cache_bytes: int
    overhead_bytes: int

    @property
    def total_bytes(self) -> int:
        """The sum."""
        return self.weights_bytes + self.kv_cache_bytes + self.overhead_bytes


class MemoryFit(msgspec.Struct, frozen=True, kw_only=True):
    """A need beside what is free, and the verdict; `free_bytes` is None where nobody knows."""

    need: MemoryNeed
    free_bytes: int | None
    verdict: Verdict


def memory_need(
    *,
    weights_bytes: int,
    kv_values_per_token: int,
    cells: int,
    embedding_length: int,
    vocabulary_size: int,
    kv_value_bytes: int = _F16_BYTES,
) -> MemoryNeed:
    """What a model needs with a KV cache of `cells` tokens.

    `kv_values_per_token` is 2 × blocks × KV heads × head length for ordinary transformers.
    """
    buffers = _MICRO_BATCH_TOKENS * embedding_length * _F32_BYTES * _BUFFERS_PER_TOKEN
    logits = _LOGIT_ROWS * vocabulary_size * _F32_BYTES
    return MemoryNeed(
        weights_bytes=weights_bytes,
        kv_cache_bytes=kv_values_per_token * kv_value_bytes * cells,
        overhead_bytes=_FIXED_OVERHEAD_BYTES + buffers + logits,
    )


def judge(need: MemoryNeed, free_bytes: int | None) -> MemoryFit:
    """Compares a need with the free memory."""
    verdict: Verdict
    if free_bytes is None:
        verdict = "unknown"
    elif need.total_bytes > free_bytes:
        verdict = "too_large"
    elif need.total_bytes > free_bytes * _COMFORTABLE_SHARE:
        verdict = "tight"
    else:
        verdict = "fits"
    return MemoryFit(need=need, free_bytes=free_bytes, verdict=verdict)
