"""Makes small but whole GGUF files for tests."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from gguf import GGUFWriter

TOKENS = ["<|endoftext|>", "a", "b", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "[PAD6]"]


def write_tiny_model(path: Path, *, seed: int = 0, name: str = "Tiny") -> bytes:
    """Writes a two-block model of the qwen2 architecture and returns the file's bytes."""
    random = np.random.default_rng(seed)
    writer = GGUFWriter(path, "qwen2")
    writer.add_name(name)
    writer.add_license("mit")
    writer.add_context_length(2048)
    writer.add_block_count(2)
    writer.add_embedding_length(64)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_file_type(7)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([3, 1, 1, 3, 3, 3, 5])
    writer.add_token_merges(["a b", "b a"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_pad_token_id(99)  # outside the vocabulary on purpose
    writer.add_chat_template("{% for m in messages %}{{ m.content }}{% endfor %}")
    writer.add_tensor("token_embd.weight", random.random((7, 64), dtype=np.float32))
    writer.add_tensor("blk.0.attn_q.weight", random.random((64, 64), dtype=np.float32))
    writer.add_tensor("output_norm.weight", random.random(64, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


# --- headers by hand, for what no writer would write ------------------------------------------


def text(value: str | bytes) -> bytes:
    """A GGUF string."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def uint32(key: str, value: int) -> bytes:
    """A key with a 32-bit number."""
    return text(key) + struct.pack("<II", 4, value)


def string(key: str, value: str | bytes) -> bytes:
    """A key with a string."""
    return text(key) + struct.pack("<I", 8) + text(value)


def array(key: str, element_type: int, count: int, content: bytes = b"") -> bytes:
    """A key with an array that claims `count` elements."""
    return text(key) + struct.pack("<IIQ", 9, element_type, count) + content


def tensor(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    """A tensor's entry."""
    return (
        text(name)
        + struct.pack("<I", len(shape))
        + b"".join(struct.pack("<Q", each) for each in shape)
        + struct.pack("<IQ", kind, offset)
    )


NEEDED_KEYS = (
    string("general.architecture", "qwen2"),
    uint32("qwen2.context_length", 128),
    uint32("qwen2.block_count", 1),
    uint32("qwen2.embedding_length", 64),
)


def file_of(
    *,
    pairs: tuple[bytes, ...] = NEEDED_KEYS,
    tensors: tuple[bytes, ...] = (tensor("t", (8,)),),
    data: bytes = bytes(32),
    version: int = 3,
    tensor_count: int | None = None,
    pair_count: int | None = None,
) -> bytes:
    """A GGUF file from its parts; the counts may lie."""
    head = b"GGUF" + struct.pack(
        "<IQQ",
        version,
        len(tensors) if tensor_count is None else tensor_count,
        len(pairs) if pair_count is None else pair_count,
    )
    header = head + b"".join(pairs) + b"".join(tensors)
    return header + bytes(-len(header) % 32) + data
