"""Makes tiny models of random weights that the real llama.cpp loads: half a megabyte each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from gguf import GGUFWriter
from numpy.typing import NDArray

from tests.models.byte_pairs import learned_byte_pairs

WIDTH = 64
HEADS = 4
KEY_HEADS = 2
INNER_WIDTH = 128
BLOCKS = 2
CONTEXT_LENGTH = 4096
QWEN2_CONTROL_TOKENS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
)
# A mark that the file declares as a user's own token and not as a control token, as Qwen's do.
USER_DEFINED_TOKEN = "<tool_call>"
CODESHELL_CONTROL_TOKENS = ("<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>")

_NORMAL, _UNKNOWN, _CONTROL, _USER_DEFINED, _BYTE = 1, 2, 3, 4, 6
_SPACE = "▁"


def write_qwen2(path: Path, *, seed: int = 1, context_length: int = CONTEXT_LENGTH) -> Path:
    """Write a model with ChatML and fill-in tokens."""
    writer = _writer(path, "qwen2", context_length)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    marked = dict.fromkeys(QWEN2_CONTROL_TOKENS, _CONTROL)
    size = _byte_pair_vocabulary(writer, "qwen2", marked | {USER_DEFINED_TOKEN: _USER_DEFINED})
    writer.add_eos_token_id(size - len(marked) - 1 + QWEN2_CONTROL_TOKENS.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    tensors = _ends(size, len(marked) + 1, seed) | _gated_blocks(seed, has_bias=True)
    return _write(writer, path, tensors)


def write_codeshell(path: Path, *, seed: int = 1) -> Path:
    """Write a model of the CodeShell architecture."""
    writer = _writer(path, "codeshell", CONTEXT_LENGTH)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    marked = dict.fromkeys(CODESHELL_CONTROL_TOKENS, _CONTROL)
    size = _byte_pair_vocabulary(writer, "codeshell", marked)
    writer.add_eos_token_id(size - len(marked))
    writer.add_add_bos_token(False)
    tensors = _ends(size, len(marked), seed)
    tensors["output_norm.bias"] = np.zeros(WIDTH, np.float32)
    random = np.random.default_rng(seed + 1)
    joined_width = WIDTH + 2 * (WIDTH // HEADS * KEY_HEADS)
    shapes = {
        "attn_qkv": (joined_width, WIDTH),
        "attn_output": (WIDTH, WIDTH),
        "ffn_up": (INNER_WIDTH, WIDTH),
        "ffn_down": (WIDTH, INNER_WIDTH),
    }
    for block in range(BLOCKS):
        for part, (outputs, inputs) in shapes.items():
            tensors[f"blk.{block}.{part}.weight"] = _matrix(random, outputs, inputs)
            tensors[f"blk.{block}.{part}.bias"] = np.zeros(outputs, np.float32)
        for part in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{block}.{part}.weight"] = np.ones(WIDTH, np.float32)
            tensors[f"blk.{block}.{part}.bias"] = np.zeros(WIDTH, np.float32)
    return _write(writer, path, tensors)


def write_llama(path: Path, *, seed: int = 1) -> Path:
    """Write a model whose vocabulary is SentencePiece's, with the space that it puts in front."""
    writer = _writer(path, "llama", CONTEXT_LENGTH)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    size = _sentence_piece_vocabulary(writer)
    return _write(writer, path, _ends(size, 0, seed) | _gated_blocks(seed, has_bias=False))


def write_unknown_architecture(path: Path) -> Path:
    """Write a whole file of an architecture that llama.cpp has never heard of."""
    writer = _writer(path, "limpetnet", CONTEXT_LENGTH)
    size = _byte_pair_vocabulary(writer, "qwen2", {})
    return _write(writer, path, _ends(size, 0, 1))


def _writer(path: Path, architecture: str, context_length: int) -> GGUFWriter:
    writer = GGUFWriter(path, architecture)
    writer.add_name(f"Tiny {architecture}")
    writer.add_context_length(context_length)
    writer.add_block_count(BLOCKS)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER_WIDTH)
    writer.add_head_count(HEADS)
    writer.add_file_type(0)
    return writer


def _byte_pair_vocabulary(writer: GGUFWriter, kind: str, marked: Mapping[str, int]) -> int:
    """Write the vocabulary, the marked tokens last; return its size."""
    pairs = learned_byte_pairs()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(kind)
    writer.add_token_list([*pairs.tokens, *marked])
    writer.add_token_types([_NORMAL] * len(pairs.tokens) + list(marked.values()))
    writer.add_token_merges(list(pairs.merges))
    return len(pairs.tokens) + len(marked)


def _sentence_piece_vocabulary(writer: GGUFWriter) -> int:
    words = [_SPACE, _SPACE * 2, "re", "ret", "urn", "return", f"{_SPACE}return", "va", "value"]
    letters = [chr(code) for code in range(ord("!"), ord("~") + 1)]
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *words, *letters]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL] + [_BYTE] * 256 + [_NORMAL] * (len(words) + len(letters))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(place) for place in range(len(tokens))])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(True)
    return len(tokens)


def _ends(size: int, marked: int, seed: int) -> dict[str, NDArray[np.float32]]:
    """Return what stands before and behind the blocks.

    The output has nothing for the marked tokens: their score is 0, below the best of the others,
    so that a greedy answer never ends by itself.
    """
    random = np.random.default_rng(seed)
    output = _matrix(random, size, WIDTH) * 4
    output[size - marked :] = 0
    return {
        "token_embd.weight": random.standard_normal((size, WIDTH)).astype(np.float32),
        "output_norm.weight": np.ones(WIDTH, np.float32),
        "output.weight": output,
    }


def _gated_blocks(seed: int, *, has_bias: bool) -> dict[str, NDArray[np.float32]]:
    """Return the blocks of the LLaMA kind; Qwen's have a bias in their attention."""
    random = np.random.default_rng(seed + 1)
    key_width = WIDTH // HEADS * KEY_HEADS
    tensors: dict[str, NDArray[np.float32]] = {}
    for block in range(BLOCKS):
        name = f"blk.{block}"
        for part, outputs in (("q", WIDTH), ("k", key_width), ("v", key_width)):
            tensors[f"{name}.attn_{part}.weight"] = _matrix(random, outputs, WIDTH)
            if has_bias:
                tensors[f"{name}.attn_{part}.bias"] = np.zeros(outputs, np.float32)
        tensors[f"{name}.attn_norm.weight"] = np.ones(WIDTH, np.float32)
        tensors[f"{name}.attn_output.weight"] = _matrix(random, WIDTH, WIDTH)
        tensors[f"{name}.ffn_norm.weight"] = np.ones(WIDTH, np.float32)
        tensors[f"{name}.ffn_gate.weight"] = _matrix(random, INNER_WIDTH, WIDTH)
        tensors[f"{name}.ffn_up.weight"] = _matrix(random, INNER_WIDTH, WIDTH)
        tensors[f"{name}.ffn_down.weight"] = _matrix(random, WIDTH, INNER_WIDTH)
    return tensors


def _matrix(random: np.random.Generator, outputs: int, inputs: int) -> NDArray[np.float32]:
    scaled = random.standard_normal((outputs, inputs), np.float32)
    scaled /= np.float32(np.sqrt(inputs))
    return scaled


def _write(writer: GGUFWriter, path: Path, tensors: Mapping[str, NDArray[np.float32]]) -> Path:
    for name, values in tensors.items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
