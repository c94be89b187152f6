"""A model file opened by llama.cpp: its vocabulary and what it says of itself."""

from __future__ import annotations

import ctypes
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.errors import ModelLoadFailed
from engine.inference.language_model import ModelFacts
from engine.inference.llama.bindings import bindings
from engine.inference.llama.logging import LlamaLog
from engine.inference.llama.spare_memory import release_mapped_pages
from engine.inference.llama.tokenizing import Tokenizer
from engine.inference.messages import RuntimeSettings

_ALL_LAYERS = 999


class ModelFile:
    """The weights and the vocabulary. Tokenizing is safe from any thread."""

    def __init__(self, path: Path, settings: RuntimeSettings, log: LlamaLog) -> None:
        parameters = bindings.llama_model_default_params()
        parameters.use_extra_bufts = settings.use_extra_buffers
        gpu = bindings.llama_supports_gpu_offload()
        parameters.n_gpu_layers = (
            0 if not gpu else _ALL_LAYERS if settings.gpu_layers < 0 else settings.gpu_layers
        )
        self.handle: Any = bindings.llama_model_load_from_file(str(path).encode(), parameters)
        if not self.handle:
            reason = log.last_errors() or "llama.cpp gave no reason"
            raise ModelLoadFailed(f"{path.name} could not be loaded: {reason}")
        release_mapped_pages(path)
        self.vocabulary: Any = bindings.llama_model_get_vocab(self.handle)
        self.vocabulary_size: int = bindings.llama_vocab_n_tokens(self.vocabulary)
        # The state of such a model holds all tokens at once: there is no beginning to share.
        self.is_recurrent = bool(
            bindings.llama_model_is_recurrent(self.handle)
            or bindings.llama_model_is_hybrid(self.handle)
        )
        self._texts: dict[int, bytes] = {}

    def tokenize(self, text: bytes, *, special: bool, opens: bool) -> list[int]:
        """Return the tokens of `text`, without any opening token."""
        return self._tokenizer.tokenize(text, special=special, opens=opens)

    def token_text(self, token: int) -> bytes:
        """Return a token's bytes; empty for control tokens."""
        text = self._texts.get(token)
        if text is None:
            text = self._texts[token] = self._piece(token)
        return text

    def all_texts(self) -> list[bytes]:
        """Return the bytes of every token; quicker than asking for each, and nothing is kept."""
        room = 256
        buffer = ctypes.create_string_buffer(room)
        address = ctypes.addressof(buffer)
        texts = []
        for token in range(self.vocabulary_size):
            length = bindings.llama_token_to_piece(self.vocabulary, token, buffer, room, 0, False)
            is_whole = length >= 0
            texts.append(ctypes.string_at(address, length) if is_whole else self._piece(token))
        return texts

    def is_end(self, token: int) -> bool:
        """Whether the token ends an answer."""
        return bool(bindings.llama_vocab_is_eog(self.vocabulary, token))

    def opening_tokens(self) -> list[int]:
        """Return the BOS token where the model wants one."""
        if bindings.llama_vocab_get_add_bos(self.vocabulary):
            return [bindings.llama_vocab_bos(self.vocabulary)]
        return []

    def facts(self, name: str, context_length: int) -> ModelFacts:
        """Return what the file says of itself."""
        template = bindings.llama_model_chat_template(self.handle, None)
        trained: int = bindings.llama_model_n_ctx_train(self.handle)
        return ModelFacts(
            name=name,
            architecture=self._metadata("general.architecture"),
            context_length=min(context_length, trained),
            trained_context_length=trained,
            vocabulary_size=self.vocabulary_size,
            parameters=bindings.llama_model_n_params(self.handle),
            chat_template=template.decode("utf-8", "replace") if template else "",
            control_tokens={
                text.decode("utf-8", "replace"): token for token, text, _ in self._marked_tokens
            },
            description=self._metadata("general.name"),
        )

    def close(self) -> None:
        """Free the weights."""
        if self.handle:
            bindings.llama_model_free(self.handle)
            self.handle = None

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        own = (text for _, text, is_user_defined in self._marked_tokens if is_user_defined)
        return Tokenizer(self.vocabulary, own, self.token_text)

    @cached_property
    def _marked_tokens(self) -> list[tuple[int, bytes, bool]]:
        """The control tokens, and those that the file calls a user's own: numbers and texts."""
        own = bindings.LLAMA_TOKEN_ATTR_USER_DEFINED
        marked = bindings.LLAMA_TOKEN_ATTR_CONTROL | own
        found: list[tuple[int, bytes, bool]] = []
        for token in range(self.vocabulary_size):
            attributes = bindings.llama_vocab_get_attr(self.vocabulary, token)
            if attributes & marked:
                text = bindings.llama_vocab_get_text(self.vocabulary, token)
                found.append((token, text, bool(attributes & own)))
        return found

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        length = bindings.llama_token_to_piece(
            self.vocabulary, token, buffer, len(buffer), 0, False
        )
        if length < 0:
            buffer = ctypes.create_string_buffer(-length)
            length = bindings.llama_token_to_piece(
                self.vocabulary, token, buffer, len(buffer), 0, False
            )
        return buffer.raw[:length]

    def _metadata(self, key: str) -> str:
        buffer = ctypes.create_string_buffer(1024)
        length = bindings.llama_model_meta_val_str(self.handle, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace") if length >= 0 else ""
