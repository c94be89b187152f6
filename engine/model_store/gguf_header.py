"""Says what an untrusted GGUF file contains from its header alone, or why it is no usable model."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec

from engine.errors import ModelFileInvalid
from engine.model_store.gguf_bytes import HeaderBytes
from engine.model_store.gguf_metadata import TOKENS_KEY, MarkerToken, Metadata, read_metadata
from engine.model_store.gguf_tensors import TensorList, read_tensors
from engine.model_store.gguf_types import file_type_names

_DEFAULT_ALIGNMENT = 32
_MAXIMUM_ALIGNMENT = 1 << 16


class SpecialTokenIds(msgspec.Struct, frozen=True, kw_only=True):
    """Token ids that the file names for a purpose; None where it names none in its vocabulary."""

    bos: int | None = None
    eos: int | None = None
    eot: int | None = None
    padding: int | None = None
    fim_prefix: int | None = None
    fim_suffix: int | None = None
    fim_middle: int | None = None


# llama.cpp reads the newer key first and still knows the older one of the FIM tokens.
_SPECIAL_TOKEN_KEYS = {
    "bos": ("bos_token_id",),
    "eos": ("eos_token_id",),
    "eot": ("eot_token_id",),
    "padding": ("padding_token_id",),
    "fim_prefix": ("fim_pre_token_id", "prefix_token_id"),
    "fim_suffix": ("fim_suf_token_id", "suffix_token_id"),
    "fim_middle": ("fim_mid_token_id", "middle_token_id"),
}


class ModelHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a model file says of itself, bounds checked.

    `kv_values_per_token` counts the numbers that the KV cache holds for one token, over all blocks.
    `marker_tokens` are the vocabulary's tokens that look like markers, to tell families apart.
    """

    gguf_version: int
    architecture: str
    name: str
    licence: str
    quantization: str
    context_length: int
    block_count: int
    embedding_length: int
    head_count: int
    head_count_kv: int
    key_length: int
    value_length: int
    kv_values_per_token: int
    parameter_count: int
    tensor_count: int
    tensor_bytes: int
    file_bytes: int
    vocabulary_size: int
    tokenizer: str
    pre_tokenizer: str
    chat_template: str | None
    special_token_ids: SpecialTokenIds
    marker_tokens: tuple[MarkerToken, ...]


def read_header(path: Path) -> ModelHeader:
    """Reads the header of the file at `path`.

    Raises ModelFileInvalid with a sentence on what is wrong, within two seconds for any file: no
    more than the header is read, nothing in it is believed before it is compared with the file's
    size, and a folder, pipe or device is refused unread.
    """
    try:
        # Without O_NONBLOCK the open of a pipe would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path is not usable"
        raise ModelFileInvalid(f"{path} cannot be read: {reason}.") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ModelFileInvalid(f"{path} is not a regular file.")
        try:
            return _read(HeaderBytes(descriptor, status.st_size))
        except OSError as error:
            raise ModelFileInvalid(f"{path} cannot be read: {error.strerror}.") from error
    finally:
        os.close(descriptor)


def _read(header: HeaderBytes) -> ModelHeader:
    version = _read_version(header)
    tensor_count = header.u64("the number of tensors")
    pair_count = header.u64("the number of keys")
    metadata = read_metadata(header, pair_count)
    _refuse_what_is_no_whole_model(metadata)
    tensors = read_tensors(header, tensor_count, _alignment(metadata))
    return _describe(version, metadata, tensors, header.size_bytes)


def _read_version(header: HeaderBytes) -> int:
    if header.size_bytes == 0:
        raise ModelFileInvalid("The file is empty.")
    if header.size_bytes < 4 or header.take(4, "the first bytes") != b"GGUF":
        raise ModelFileInvalid("The file is not GGUF: it does not begin with the letters GGUF.")
    version = header.u32("the version")
    if version & 0xFFFF == 0 and version:
        raise ModelFileInvalid("The file was made for big-endian machines.")
    if version not in (2, 3):
        raise ModelFileInvalid(f"The file is GGUF version {version}; 2 and 3 can be read.")
    return version


def _refuse_what_is_no_whole_model(metadata: Metadata) -> None:
    kind = metadata.text("general.type")
    if kind not in ("", "model"):
        raise ModelFileInvalid(f"The file is a GGUF of the type {kind!r}, not a model.")
    parts = metadata.whole_number("split.count")
    if parts is not None and parts > 1:
        raise ModelFileInvalid(
            f"The file is one of {parts} parts of a split model.",
            advice="Join the parts with `llama-gguf-split --merge` and import the result.",
        )


def _alignment(metadata: Metadata) -> int:
    key = "general.alignment"
    value = metadata.whole_number(key)
    if value is None:
        if key in metadata.keys:
            raise ModelFileInvalid("general.alignment is not a number.")
        return _DEFAULT_ALIGNMENT
    power_of_two = value > 0 and value & (value - 1) == 0
    if key not in metadata.uint32_keys or not power_of_two or value > _MAXIMUM_ALIGNMENT:
        raise ModelFileInvalid(f"The alignment {value} is not usable.")
    return value


def _describe(
    version: int, metadata: Metadata, tensors: TensorList, file_bytes: int
) -> ModelHeader:
    architecture = metadata.text("general.architecture")
    if not architecture or not architecture.isprintable() or len(architecture) > 64:
        raise ModelFileInvalid("The file does not say which architecture the model has.")
    numbers = _ArchitectureNumbers(metadata, architecture)
    block_count = numbers.required("block_count", 4096)
    embedding_length = numbers.required("embedding_length", 1 << 20)
    heads = numbers.per_block("attention.head_count", block_count, (0,))
    heads_kv = numbers.per_block("attention.head_count_kv", block_count, heads)
    head_count = max(heads)
    usual_length = embedding_length // head_count if head_count else 0
    key_length = numbers.optional("attention.key_length", 1 << 16, usual_length)
    value_length = numbers.optional("attention.value_length", 1 << 16, usual_length)
    heads_kv_in_all = heads_kv[0] * block_count if len(heads_kv) == 1 else sum(heads_kv)
    vocabulary_size = metadata.lengths.get(TOKENS_KEY, 0)
    return ModelHeader(
        gguf_version=version,
        architecture=architecture,
        name=_shown(metadata.text("general.name")),
        licence=_shown(metadata.text("general.license.name") or metadata.text("general.license")),
        quantization=_quantization(metadata, tensors),
        context_length=numbers.required("context_length", 2**31 - 1),
        block_count=block_count,
        embedding_length=embedding_length,
        head_count=head_count,
        head_count_kv=max(heads_kv),
        key_length=key_length,
        value_length=value_length,
        kv_values_per_token=heads_kv_in_all * (key_length + value_length),
        parameter_count=tensors.parameter_count,
        tensor_count=tensors.count,
        tensor_bytes=tensors.tensor_bytes,
        file_bytes=file_bytes,
        vocabulary_size=vocabulary_size,
        tokenizer=_shown(metadata.text("tokenizer.ggml.model")),
        pre_tokenizer=_shown(metadata.text("tokenizer.ggml.pre")),
        chat_template=_chat_template(metadata),
        special_token_ids=_special_token_ids(metadata, vocabulary_size),
        marker_tokens=metadata.markers,
    )


class _ArchitectureNumbers:
    """Numbers under keys that begin with the architecture's name, each within a limit."""

    def __init__(self, metadata: Metadata, architecture: str) -> None:
        self._metadata = metadata
        self._architecture = architecture

    def required(self, name: str, limit: int) -> int:
        key = f"{self._architecture}.{name}"
        value = self._metadata.whole_number(key)
        if value is None:
            raise ModelFileInvalid(f"The key {key} is missing.")
        return self._within(key, value, 1, limit)

    def optional(self, name: str, limit: int, otherwise: int) -> int:
        key = f"{self._architecture}.{name}"
        value = self._metadata.whole_number(key)
        return otherwise if value is None else self._within(key, value, 0, limit)

    def per_block(self, name: str, block_count: int, otherwise: tuple[int, ...]) -> tuple[int, ...]:
        """One number for all blocks, or one for each."""
        key = f"{self._architecture}.{name}"
        values = self._metadata.arrays.get(key)
        if values is None:
            value = self._metadata.whole_number(key)
            values = otherwise if value is None else (value,)
        elif len(values) < block_count:
            raise ModelFileInvalid(f"{key} has {len(values)} numbers for {block_count} blocks.")
        else:
            values = values[:block_count]
        for value in values:
            self._within(key, value, 0, 1 << 16)
        return values

    def _within(self, key: str, value: int, lowest: int, highest: int) -> int:
        if not lowest <= value <= highest:
            raise ModelFileInvalid(f"{key} is {value}, outside {lowest} to {highest}.")
        return value


def _quantization(metadata: Metadata, tensors: TensorList) -> str:
    number = metadata.whole_number("general.file_type")
    known = file_type_names().get(number) if number is not None else None
    return known or tensors.commonest_type


def _special_token_ids(metadata: Metadata, vocabulary_size: int) -> SpecialTokenIds:
    found: dict[str, int] = {}
    for purpose, keys in _SPECIAL_TOKEN_KEYS.items():
        for key in keys:
            value = metadata.whole_number(f"tokenizer.ggml.{key}")
            # llama.cpp passes over ids outside the vocabulary; so does this.
            if value is not None and 0 <= value < vocabulary_size:
                found.setdefault(purpose, value)
    return SpecialTokenIds(**found)


def _chat_template(metadata: Metadata) -> str | None:
    raw = metadata.strings.get("tokenizer.chat_template")
    if raw is None:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelFileInvalid("The chat template is not UTF-8 text.") from error


def _shown(text: str) -> str:
    """A name fit to be shown: one line, no control or direction characters, not endless."""
    return "".join(each if each.isprintable() else " " for each in text[:200]).strip()
