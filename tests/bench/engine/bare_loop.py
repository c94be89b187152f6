"""Entry point of the loop to compare with: llama.cpp and nothing else, in a process of its own.

It reads one order a line from standard input and answers with one line of JSON each. This is what
a program of thirty lines around llama.cpp would do: no scheduler, no cancelling, no streaming.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from typing import Any

import msgspec
from llama_cpp import llama_cpp as bindings


class BareSettings(msgspec.Struct, frozen=True):
    """How llama.cpp is set up: what the engine's worker sets, told from outside."""

    model: str
    threads: int
    context_tokens: int
    batch_tokens: int
    sequences: int
    outputs: int
    use_extra_buffers: bool = True


class BareOrder(msgspec.Struct, frozen=True):
    """One answer to be generated greedily."""

    prompt: str
    tokens: int


class BareReply(msgspec.Struct, frozen=True):
    """An answer and the time from its first token to its last one."""

    text: str
    prompt_tokens: int
    generated_tokens: int
    seconds: float


class BareReady(msgspec.Struct, frozen=True):
    """The model is loaded; `buffers` are llama.cpp's own lines about its buffers' sizes."""

    buffers: tuple[str, ...]
    system: str


class BareLoop:
    """A model, a context, one sequence."""

    def __init__(self, settings: BareSettings) -> None:
        self._lines: list[str] = []
        self._log = bindings.llama_log_callback(self._receive)
        bindings.llama_log_set(self._log, ctypes.c_void_p(0))
        bindings.llama_backend_init()
        self._settings = settings
        parameters = bindings.llama_model_default_params()
        parameters.use_extra_bufts = settings.use_extra_buffers
        self._model: Any = bindings.llama_model_load_from_file(settings.model.encode(), parameters)
        self._vocabulary: Any = bindings.llama_model_get_vocab(self._model)
        self._context: Any = bindings.llama_init_from_model(self._model, self._parameters())

    def ready(self) -> BareReady:
        """Say what llama.cpp said while it loaded."""
        lines = "".join(self._lines).splitlines()
        system = bindings.llama_print_system_info().decode()
        return BareReady(tuple(line.strip() for line in lines if "buffer size" in line), system)

    def answer(self, order: BareOrder) -> BareReply:
        """Generate one answer from an empty cache."""
        bindings.llama_memory_clear(bindings.llama_get_memory(self._context), True)
        prompt = self._tokenize(order.prompt.encode())
        for begin in range(0, len(prompt), self._settings.batch_tokens):
            self._decode(prompt[begin : begin + self._settings.batch_tokens])
        sampler = bindings.llama_sampler_init_greedy()
        text = bytearray()
        token = bindings.llama_sampler_sample(sampler, self._context, -1)
        begun = time.perf_counter()
        count = 1
        while count < order.tokens and not bindings.llama_vocab_is_eog(self._vocabulary, token):
            text += self._text(token)
            self._decode([token])
            token = bindings.llama_sampler_sample(sampler, self._context, -1)
            count += 1
        seconds = time.perf_counter() - begun
        text += self._text(token)
        bindings.llama_sampler_free(sampler)
        return BareReply(text.decode("utf-8", "replace"), len(prompt), count, seconds)

    def _parameters(self) -> Any:
        settings = self._settings
        parameters = bindings.llama_context_default_params()
        parameters.n_ctx = settings.context_tokens
        parameters.n_batch = parameters.n_ubatch = settings.batch_tokens
        parameters.n_seq_max = settings.sequences
        parameters.n_outputs_max = parameters.n_outputs_max_per_seq = settings.outputs
        parameters.kv_unified = True
        parameters.n_threads = parameters.n_threads_batch = settings.threads
        return parameters

    def _decode(self, tokens: list[int]) -> None:
        array = (bindings.llama_token * len(tokens))(*tokens)
        status = bindings.llama_decode(
            self._context, bindings.llama_batch_get_one(array, len(tokens))
        )
        if status != 0:
            raise RuntimeError(f"llama_decode returned {status}")

    def _tokenize(self, text: bytes) -> list[int]:
        buffer = (bindings.llama_token * (len(text) + 8))()
        count = bindings.llama_tokenize(
            self._vocabulary, text, len(text), buffer, len(buffer), True, True
        )
        return list(buffer[:count])

    def _text(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        length = bindings.llama_token_to_piece(
            self._vocabulary, token, buffer, len(buffer), 0, False
        )
        return buffer.raw[: max(0, length)]

    def _receive(self, _level: int, text: bytes, _data: object) -> None:
        self._lines.append(text.decode("utf-8", "replace"))


def main() -> int:
    """Serve orders until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    settings = msgspec.json.decode(sys.stdin.buffer.readline(), type=BareSettings)
    loop = BareLoop(settings)
    answers.write(msgspec.json.encode(loop.ready()) + b"\n")
    answers.flush()
    while line := sys.stdin.buffer.readline():
        reply = loop.answer(msgspec.json.decode(line, type=BareOrder))
        answers.write(msgspec.json.encode(reply) + b"\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
