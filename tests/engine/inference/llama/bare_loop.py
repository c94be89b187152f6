"""Greedy generation with nothing between the test and llama.cpp: what every answer must equal."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from llama_cpp import llama_cpp
from numpy.typing import NDArray


class BareAnswer(msgspec.Struct, frozen=True):
    """The tokens of an answer, each one's log-probability, and its lead over the second best."""

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    leads: tuple[float, ...]

    def sure(self, least_lead: float) -> tuple[int, ...]:
        """Return the tokens in front of the first that rounding might turn into another."""
        unsure = (place for place, lead in enumerate(self.leads) if lead < least_lead)
        return self.tokens[: next(unsure, len(self.tokens))]


class BareLoop:
    """One model, one sequence, a fresh cache for each answer."""

    def __init__(self, path: Path) -> None:
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 0
        self._model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._size: int = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = 2048
        parameters.n_batch = 2048
        parameters.n_ubatch = 512
        parameters.n_threads = parameters.n_threads_batch = 2
        self._context = llama_cpp.llama_init_from_model(self._model, parameters)

    def answer(self, prompt: Sequence[int], most: int) -> BareAnswer:
        """Return the likeliest tokens after a prompt, up to the model's end token."""
        memory = llama_cpp.llama_get_memory(self._context)
        llama_cpp.llama_memory_clear(memory, True)
        logits = self._read(prompt)
        tokens: list[int] = []
        log_probabilities: list[float] = []
        leads: list[float] = []
        while len(tokens) < most:
            token = int(logits.argmax())
            if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                break
            tokens.append(token)
            log_probabilities.append(log_probability(logits, token))
            second, best = np.partition(logits, -2)[-2:]
            leads.append(float(best - second))
            logits = self._read([token])
        return BareAnswer(tuple(tokens), tuple(log_probabilities), tuple(leads))

    def close(self) -> None:
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)

    def _read(self, tokens: Sequence[int]) -> NDArray[np.float64]:
        array: Any = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = llama_cpp.llama_batch_get_one(array, len(tokens))
        assert llama_cpp.llama_decode(self._context, batch) == 0
        pointer = llama_cpp.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, (self._size,)).astype(np.float64)


def log_probability(logits: NDArray[np.float64], token: int) -> float:
    """Return a token's log-probability by the plain formula, in double precision."""
    shifted = logits - logits.max()
    return float(shifted[token] - np.log(np.exp(shifted).sum()))
