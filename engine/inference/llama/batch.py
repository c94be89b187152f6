"""The batch that llama.cpp decodes, filled through numpy views instead of element by element."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.inference.llama.bindings import bindings
from engine.inference.runtime import Slice


class Batch:
    """One `llama_batch` of a fixed capacity, used again for every decode."""

    def __init__(self, capacity: int) -> None:
        self.handle: Any = bindings.llama_batch_init(capacity, 0, 1)
        shape = (capacity,)
        self._tokens: NDArray[np.int32] = np.ctypeslib.as_array(self.handle.token, shape)
        self._positions: NDArray[np.int32] = np.ctypeslib.as_array(self.handle.pos, shape)
        self._counts: NDArray[np.int32] = np.ctypeslib.as_array(self.handle.n_seq_id, shape)
        self._outputs: NDArray[np.int8] = np.ctypeslib.as_array(self.handle.logits, shape)
        self._sequences = self._contiguous_sequence_ids(capacity)
        self._counts[:] = 1

    def fill(self, slices: Sequence[Slice]) -> list[int]:
        """Put the slices in; return the batch index of each output that is wanted."""
        outputs: list[int] = []
        end = 0
        for piece in slices:
            begin, end = end, end + len(piece.tokens)
            self._tokens[begin:end] = piece.tokens
            self._positions[begin:end] = np.arange(piece.start, piece.start + end - begin)
            self._sequences[begin:end] = piece.sequence
            self._outputs[begin:end] = 0
            first_output = end - piece.output_count
            self._outputs[first_output:end] = 1
            outputs.extend(range(first_output, end))
        self.handle.n_tokens = end
        return outputs

    def close(self) -> None:
        """Free the batch."""
        for index, pointer in enumerate(self._own_pointers):
            self.handle.seq_id[index] = pointer
        bindings.llama_batch_free(self.handle)

    def _contiguous_sequence_ids(self, capacity: int) -> NDArray[np.int32]:
        """Point each token's sequence list into one array, so that numpy can write them all.

        llama.cpp allocates a list of its own for each token; those pointers are put back before
        the batch is freed.
        """
        pointer_type = ctypes.POINTER(bindings.llama_seq_id)
        self._own_pointers = [
            ctypes.cast(self.handle.seq_id[index], pointer_type) for index in range(capacity)
        ]
        self._block = (bindings.llama_seq_id * capacity)()
        base = ctypes.addressof(self._block)
        size = ctypes.sizeof(bindings.llama_seq_id)
        for index in range(capacity):
            self.handle.seq_id[index] = ctypes.cast(base + index * size, pointer_type)
        view: NDArray[np.int32] = np.ctypeslib.as_array(self._block)
        return view
