"""The runtime that computes with llama.cpp."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelLoadFailed
from engine.inference.language_model import ModelFacts, Sampling
from engine.inference.llama.abort_flag import AbortFlag
from engine.inference.llama.batch import Batch
from engine.inference.llama.bindings import bindings
from engine.inference.llama.logging import LlamaLog
from engine.inference.llama.model_file import ModelFile
from engine.inference.llama.sampling import ChainSampler, GreedySampler, log_probability
from engine.inference.llama.spare_memory import return_freed_memory
from engine.inference.llama.vocabulary_index import VocabularyIndex
from engine.inference.messages import RuntimeSettings
from engine.inference.runtime import DecodeOutcome, Sampler, Slice

BATCH_TOKENS = 256
# Logits are kept for this many outputs of a decode, or one for each sequence where those are more:
# llama.cpp insists on that. Each costs four bytes a vocabulary entry.
LEAST_OUTPUTS = 32
_BYTES = ctypes.POINTER(ctypes.c_uint8)
_DECODE_NO_ROOM = 1
_DECODE_ABORTED = 2


class LlamaRuntime:
    """A model file with a unified KV cache; copies of a prefix between sequences are free."""

    def __init__(self, path: Path, settings: RuntimeSettings) -> None:
        bindings.llama_backend_init()
        self._log = LlamaLog()
        self._abort = AbortFlag()
        self._file = ModelFile(path, settings, self._log)
        self.cell_count = settings.context_tokens
        self._vocabulary = VocabularyIndex(self._file.vocabulary_size, self._file.all_texts)
        # Beside the opening of the context, which takes as long and does not hold the interpreter.
        self._reading = ThreadPoolExecutor(1, "vocabulary")
        facts = self._reading.submit(self._file.facts, path.stem, self.cell_count)
        self._reading.submit(self._vocabulary.prepare)
        self._reading.submit(return_freed_memory)
        # Twice the answers that may run: the others keep prompts that were read before.
        self.sequence_count = 2 * settings.parallel_requests
        self.batch_size = BATCH_TOKENS
        self.most_outputs = max(LEAST_OUTPUTS, self.sequence_count)
        self.can_truncate = not self._file.is_recurrent
        self._context = self._open_context(path, settings)
        self._memory = bindings.llama_get_memory(self._context)
        self._batch = Batch(BATCH_TOKENS)
        self._output_indices: list[int] = []
        self.facts: ModelFacts = facts.result()
        self._abort.install(self._context)

    def _open_context(self, path: Path, settings: RuntimeSettings) -> Any:
        parameters = bindings.llama_context_default_params()
        parameters.n_ctx = self.cell_count
        parameters.n_batch = BATCH_TOKENS
        parameters.n_ubatch = BATCH_TOKENS
        parameters.n_seq_max = self.sequence_count
        parameters.n_outputs_max = self.most_outputs
        parameters.n_outputs_max_per_seq = self.most_outputs
        parameters.kv_unified = True
        if settings.threads > 0:
            parameters.n_threads = settings.threads
            parameters.n_threads_batch = settings.threads
        context = bindings.llama_init_from_model(self._file.handle, parameters)
        if not context:
            reason = self._log.last_errors() or "there is not enough memory for its context"
            raise ModelLoadFailed(
                f"{path.name} could not be opened with {self.cell_count} tokens of context: "
                f"{reason}",
                advice="Set a smaller `context_tokens` in the settings.",
            )
        return context

    def tokenize(self, text: bytes, *, special: bool, opens: bool = True) -> list[int]:
        """Return the tokens of `text`."""
        return self._file.tokenize(text, special=special, opens=opens)

    def token_text(self, token: int) -> bytes:
        """Return a token's bytes."""
        return self._file.token_text(token)

    def is_end(self, token: int) -> bool:
        """Whether the token ends an answer."""
        return self._file.is_end(token)

    def opening_tokens(self) -> list[int]:
        """Return the BOS token where the model wants one."""
        return self._file.opening_tokens()

    def decode(self, slices: Sequence[Slice]) -> DecodeOutcome:
        """Read the slices into the cache. Raises RuntimeError when llama.cpp failed for good."""
        self._output_indices = self._batch.fill(slices)
        code = bindings.llama_decode(self._context, self._batch.handle)
        if code == 0:
            return DecodeOutcome.DONE
        if code == _DECODE_ABORTED:
            return DecodeOutcome.ABORTED
        if code == _DECODE_NO_ROOM:
            return DecodeOutcome.NO_ROOM
        raise RuntimeError(f"llama_decode returned {code}: {self._log.last_errors()}")

    def length_of(self, sequence: int) -> int:
        """Return how many tokens of a sequence are in the cache."""
        return int(bindings.llama_memory_seq_pos_max(self._memory, sequence)) + 1

    def truncate(self, sequence: int, length: int) -> bool:
        """Forget a sequence's tokens from `length` on."""
        return bool(bindings.llama_memory_seq_rm(self._memory, sequence, length, -1))

    def copy(self, source: int, target: int, length: int) -> bool:
        """Share the first `length` tokens of `source` with `target`, where the model can."""
        if self._file.is_recurrent and length != self.length_of(source):
            return False
        bindings.llama_memory_seq_cp(self._memory, source, target, 0, length)
        return True

    def take_state(self, sequence: int) -> bytes:
        """Return what the cache holds of a sequence; empty where llama.cpp cannot give it."""
        size = bindings.llama_state_seq_get_size(self._context, sequence)
        state = np.empty(size, np.uint8)
        pointer = state.ctypes.data_as(_BYTES)
        written = bindings.llama_state_seq_get_data(self._context, pointer, size, sequence)
        return state.tobytes() if written == size else b""

    def put_state(self, sequence: int, state: bytes) -> bool:
        """Fill an empty sequence with what `take_state` returned."""
        if not state:
            return False
        pointer = np.frombuffer(state, np.uint8).ctypes.data_as(_BYTES)
        read = bindings.llama_state_seq_set_data(self._context, pointer, len(state), sequence)
        if read != len(state):
            self.truncate(sequence, 0)
            return False
        return True

    def set_threads(self, threads: int) -> None:
        """Compute with that many threads from now on."""
        bindings.llama_set_n_threads(self._context, threads, threads)

    def request_abort(self, wanted: bool) -> None:
        """Ask a running decode to end, or take that wish back."""
        self._abort.set(wanted)

    def start_sampling(
        self, sampling: Sampling, prompt: Sequence[int], *, wants_probability: bool
    ) -> Sampler:
        """Return a sampler for an answer to `prompt`."""
        del prompt
        if sampling.temperature <= 0.0:
            return GreedySampler(self.logits, self._vocabulary, wants_probability=wants_probability)
        return ChainSampler(
            sampling,
            self._context,
            self._output_indices_at,
            self.logits,
            self._vocabulary,
            wants_probability=wants_probability,
        )

    def logits(self, output: int) -> NDArray[np.float32]:
        """Return an output's logits, in place: they are valid until the next decode."""
        pointer = bindings.llama_get_logits_ith(self._context, self._output_indices[output])
        view: NDArray[np.float32] = np.ctypeslib.as_array(pointer, (self._file.vocabulary_size,))
        return view

    def log_probability(self, output: int, token: int) -> float:
        """Return how likely a token is after an output of the last decode."""
        return log_probability(self.logits(output), token)

    def close(self) -> None:
        """Free context and model."""
        if self._context:
            self._reading.shutdown()
            bindings.llama_free(self._context)
            self._context = None
            self._batch.close()
            self._file.close()

    def _output_indices_at(self, output: int) -> int:
        return self._output_indices[output]
