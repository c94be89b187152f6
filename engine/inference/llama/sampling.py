"""Choosing tokens: greedy in numpy, everything else by llama.cpp's sampler chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.inference.language_model import Sampling
from engine.inference.llama.bindings import bindings
from engine.inference.llama.vocabulary_index import VocabularyIndex

_PENALTY_WINDOW_TOKENS = 64

LogitsOf = Callable[[int], NDArray[np.float32]]


def log_probability(logits: NDArray[np.float32], token: int) -> float:
    """Return a token's log-probability in nats from raw logits."""
    largest = logits.max()
    return float(logits[token] - largest - np.log(np.exp(logits - largest).sum()))


def likeliest_beginning(
    logits: NDArray[np.float32], vocabulary: VocabularyIndex, text: bytes
) -> int:
    """Return the likeliest of the tokens that agree with `text` as far as both go."""
    agreeing = vocabulary.agreeing_with(text)
    return int(agreeing[logits[agreeing].argmax()])


class GreedySampler:
    """Takes the likeliest token. numpy reads the logits in place, which costs some microseconds."""

    def __init__(
        self, logits_of: LogitsOf, vocabulary: VocabularyIndex, *, wants_probability: bool
    ) -> None:
        self._logits_of = logits_of
        self._vocabulary = vocabulary
        self._wants_probability = wants_probability

    def next(self, output: int, begins_with: bytes) -> tuple[int, float]:
        """Return the likeliest token after an output, and its log-probability."""
        logits = self._logits_of(output)
        if begins_with:
            token = likeliest_beginning(logits, self._vocabulary, begins_with)
        else:
            token = int(logits.argmax())
        return token, log_probability(logits, token) if self._wants_probability else 0.0

    def close(self) -> None:
        """Nothing is held."""


class ChainSampler:
    """Draws a token: penalties, top-k, top-p, min-p, temperature, then a seeded draw."""

    def __init__(
        self,
        sampling: Sampling,
        context: Any,
        batch_index_of: Callable[[int], int],
        logits_of: LogitsOf,
        vocabulary: VocabularyIndex,
        *,
        wants_probability: bool,
    ) -> None:
        self._context = context
        self._vocabulary = vocabulary
        self._batch_index_of = batch_index_of
        self._logits_of = logits_of
        self._wants_probability = wants_probability
        self._chain = bindings.llama_sampler_chain_init(
            bindings.llama_sampler_chain_default_params()
        )
        for stage in self._stages(sampling, vocabulary.size):
            bindings.llama_sampler_chain_add(self._chain, stage)

    @staticmethod
    def _stages(sampling: Sampling, vocabulary_size: int) -> list[Any]:
        stages = []
        if sampling.repeat_penalty != 1.0:
            stages.append(
                bindings.llama_sampler_init_penalties(
                    vocabulary_size, _PENALTY_WINDOW_TOKENS, sampling.repeat_penalty, 0.0, 0.0
                )
            )
        if sampling.top_k > 0:
            stages.append(bindings.llama_sampler_init_top_k(sampling.top_k))
        if sampling.top_p < 1.0:
            stages.append(bindings.llama_sampler_init_top_p(sampling.top_p, 1))
        if sampling.min_p > 0.0:
            stages.append(bindings.llama_sampler_init_min_p(sampling.min_p, 1))
        stages.append(bindings.llama_sampler_init_temp(sampling.temperature))
        stages.append(bindings.llama_sampler_init_dist(sampling.seed & 0xFFFFFFFF))
        return stages

    def next(self, output: int, begins_with: bytes) -> tuple[int, float]:
        """Return a drawn token after an output, and its unmodified log-probability."""
        if begins_with:
            token = likeliest_beginning(self._logits_of(output), self._vocabulary, begins_with)
            bindings.llama_sampler_accept(self._chain, token)
        else:
            token = bindings.llama_sampler_sample(
                self._chain, self._context, self._batch_index_of(output)
            )
        if not self._wants_probability:
            return token, 0.0
        return token, log_probability(self._logits_of(output), token)

    def close(self) -> None:
        """Free the chain and its stages."""
        bindings.llama_sampler_free(self._chain)
