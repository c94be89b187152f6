"""What the header parser reads, and that nothing hostile gets more out of it than a sentence."""

from __future__ import annotations

import os
import random
import struct
import time
from pathlib import Path

import pytest

from engine.errors import ModelFileInvalid
from engine.model_store.gguf_header import ModelHeader, read_header
from tests.engine.model_store.tiny_model import (
    NEEDED_KEYS,
    array,
    file_of,
    string,
    tensor,
    text,
    uint32,
    write_tiny_model,
)


def read(tmp_path: Path, content: bytes) -> ModelHeader:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    return read_header(path)


def test_reads_the_facts_of_a_model(tmp_path: Path) -> None:
    content = write_tiny_model(tmp_path / "tiny.gguf")

    header = read_header(tmp_path / "tiny.gguf")

    assert (header.architecture, header.name, header.licence) == ("qwen2", "Tiny", "mit")
    assert (header.context_length, header.block_count, header.embedding_length) == (2048, 2, 64)
    assert (header.head_count, header.head_count_kv) == (4, 2)
    assert (header.key_length, header.value_length) == (16, 16)
    assert header.kv_values_per_token == 2 * 2 * 2 * 16
    assert header.quantization == "Q8_0"
    assert header.parameter_count == 7 * 64 + 64 * 64 + 64
    assert header.tensor_bytes == 4 * header.parameter_count
    assert header.file_bytes == len(content)
    assert header.vocabulary_size == 7
    assert (header.tokenizer, header.pre_tokenizer) == ("gpt2", "qwen2")
    assert header.chat_template is not None
    assert header.chat_template.startswith("{% for m")
    assert (header.special_token_ids.bos, header.special_token_ids.padding) == (0, None)
    assert [(each.id, each.text) for each in header.marker_tokens] == [
        (0, "<|endoftext|>"),
        (3, "<|fim_prefix|>"),
        (4, "<|fim_suffix|>"),
        (5, "<|fim_middle|>"),
    ]


def test_reads_version_2(tmp_path: Path) -> None:
    assert read(tmp_path, file_of(version=2)).gguf_version == 2


def test_names_the_commonest_tensor_type_where_the_file_names_no_quantization(
    tmp_path: Path,
) -> None:
    tensors = (tensor("a", (8,)), tensor("b", (64,), kind=8, offset=32))
    assert read(tmp_path, file_of(tensors=tensors, data=bytes(32 + 68))).quantization == "Q8_0"


def test_heads_may_differ_from_block_to_block(tmp_path: Path) -> None:
    pairs = (
        *NEEDED_KEYS[:2],
        uint32("qwen2.block_count", 3),
        NEEDED_KEYS[3],
        uint32("qwen2.attention.head_count", 4),
        array("qwen2.attention.head_count_kv", 4, 3, struct.pack("<3I", 1, 0, 4)),
    )

    header = read(tmp_path, file_of(pairs=pairs))

    assert header.head_count_kv == 4
    assert header.kv_values_per_token == (1 + 0 + 4) * 32


def test_shows_no_control_characters_of_a_name(tmp_path: Path) -> None:
    pairs = (*NEEDED_KEYS, string("general.name", "a\x1b[31m\nb\u202ec" + "d" * 1000))
    name = read(tmp_path, file_of(pairs=pairs)).name
    assert name.isprintable()
    assert len(name) <= 200


WITH_TEMPLATE = (*NEEDED_KEYS, string("tokenizer.chat_template", b"\xff\xfe"))
HUGE = 2**63 + 5

BROKEN = {
    "empty": (b"", "empty"),
    "three bytes": (b"GGU", "not GGUF"),
    "another format": (b"PK\x03\x04" + bytes(64), "not GGUF"),
    "magic only": (b"GGUF", "ends inside the version"),
    "version 1": (file_of(version=1), "version 1"),
    "version 4": (file_of(version=4), "version 4"),
    "big-endian": (b"GGUF" + struct.pack(">IQQ", 3, 1, 1), "big-endian"),
    "too many keys": (file_of(pair_count=HUGE), "keys"),
    "more keys than there are": (file_of(pair_count=50), "claims|ends inside|ASCII|empty"),
    "no tensors": (file_of(tensors=(), data=b""), "0 tensors"),
    "too many tensors": (file_of(tensor_count=HUGE), "tensors"),
    "more tensors than there are": (file_of(tensor_count=3), "begins at 0"),
    "long key": (file_of(pairs=(text("k" * 2000),)), "a key claims 2000"),
    "key beyond the end": (file_of(pairs=(struct.pack("<Q", HUGE),)), "claims"),
    "empty key": (file_of(pairs=(uint32("", 1),)), "empty"),
    "key that is no text": (file_of(pairs=(text(b"\xff") + bytes(8),)), "not ASCII"),
    "key twice": (file_of(pairs=(*NEEDED_KEYS, NEEDED_KEYS[0])), "twice"),
    "unknown value type": (file_of(pairs=(text("k") + struct.pack("<I", 77),)), "unknown type 77"),
    "string beyond the end": (
        file_of(pairs=(text("k") + struct.pack("<IQ", 8, HUGE),)),
        "ends inside k",
    ),
    "boolean that is neither": (
        file_of(pairs=(text("k") + struct.pack("<IB", 7, 2),)),
        "neither true nor false",
    ),
    "nested arrays": (file_of(pairs=(array("k", 9, 1),)), "nested arrays"),
    "array of an unknown type": (file_of(pairs=(array("k", 99, 1),)), "unknown type 99"),
    "array beyond the end": (file_of(pairs=(array("k", 10, HUGE),)), "ends inside k"),
    "array of too many strings": (
        file_of(pairs=(array("tokenizer.ggml.tokens", 8, 3_000_000),)),
        "1500000 strings",
    ),
    "array of a huge string": (
        file_of(pairs=(array("tokenizer.ggml.tokens", 8, 1, struct.pack("<Q", HUGE)),)),
        "more than",
    ),
    "no architecture": (file_of(pairs=NEEDED_KEYS[1:]), "architecture"),
    "no context length": (file_of(pairs=(NEEDED_KEYS[0], *NEEDED_KEYS[2:])), "context_length"),
    "context length of zero": (
        file_of(pairs=(NEEDED_KEYS[0], uint32("qwen2.context_length", 0), *NEEDED_KEYS[2:])),
        "outside 1",
    ),
    "block count is text": (
        file_of(pairs=(*NEEDED_KEYS[:2], string("qwen2.block_count", "1"), NEEDED_KEYS[3])),
        "block_count is missing",
    ),
    "template that is no text": (file_of(pairs=WITH_TEMPLATE), "not UTF-8"),
    "too few heads": (
        file_of(
            pairs=(
                *NEEDED_KEYS[:2],
                uint32("qwen2.block_count", 9),
                NEEDED_KEYS[3],
                array("qwen2.attention.head_count_kv", 4, 1, bytes(4)),
            )
        ),
        "1 numbers for 9 blocks",
    ),
    "an adapter": (file_of(pairs=(*NEEDED_KEYS, string("general.type", "adapter"))), "adapter"),
    "one of several parts": (file_of(pairs=(*NEEDED_KEYS, uint32("split.count", 4))), "4 parts"),
    "alignment of zero": (file_of(pairs=(*NEEDED_KEYS, uint32("general.alignment", 0))), "alignm"),
    "odd alignment": (file_of(pairs=(*NEEDED_KEYS, uint32("general.alignment", 24))), "alignment"),
    "alignment is text": (
        file_of(pairs=(*NEEDED_KEYS, string("general.alignment", "32"))),
        "alignment",
    ),
    "five dimensions": (file_of(tensors=(tensor("t", (1, 1, 1, 1, 1)),)), "5 dimensions"),
    "no elements": (file_of(tensors=(tensor("t", (0, HUGE)),)), "impossible shape"),
    "too many elements": (file_of(tensors=(tensor("t", (2**32, 2**32)),)), "impossible shape"),
    "unknown tensor type": (file_of(tensors=(tensor("t", (8,), kind=1000),)), "type 1000"),
    "retired tensor type": (file_of(tensors=(tensor("t", (8,), kind=4),)), "retired"),
    "half a block": (file_of(tensors=(tensor("t", (33,), kind=8),)), "no multiple"),
    "long tensor name": (file_of(tensors=(tensor("t" * 64, (8,)),)), "64 bytes"),
    "tensor twice": (
        file_of(tensors=(tensor("t", (8,)), tensor("t", (8,), offset=32)), data=bytes(64)),
        "twice",
    ),
    "overlapping tensors": (file_of(tensors=(tensor("t", (8,)), tensor("u", (8,)))), "begins at 0"),
    "tensor beyond the end": (file_of(tensors=(tensor("t", (2**40,)),)), "truncated"),
    "last byte missing": (file_of()[:-1], "1 bytes of tensors are missing"),
}


@pytest.mark.parametrize(("content", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_refuses_a_broken_file_with_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(ModelFileInvalid, match=sentence):
        read(tmp_path, content)


def test_the_file_that_the_broken_ones_are_made_from_is_whole(tmp_path: Path) -> None:
    assert read(tmp_path, file_of()).parameter_count == 8


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    content = write_tiny_model(tmp_path / "tiny.gguf")
    for length in range(0, len(content), 97):
        with pytest.raises(ModelFileInvalid):
            read(tmp_path, content[:length])


def test_mutations_end_in_a_result_or_a_sentence(tmp_path: Path) -> None:
    content = write_tiny_model(tmp_path / "tiny.gguf")
    header_bytes = 1200  # beyond it are only numbers
    outcomes = {"read": 0, "refused": 0}
    for seed in range(600):
        choose = random.Random(seed)  # noqa: S311 - repeatable, not secret
        mutated = bytearray(content)
        for _ in range(choose.choice((1, 1, 2, 8))):
            at = choose.randrange(4, header_bytes)
            kind = choose.randrange(4)
            if kind == 0:
                mutated[at] ^= 1 << choose.randrange(8)
            elif kind == 1:
                mutated[at : at + 8] = struct.pack("<Q", choose.choice((0, 2**31, HUGE, 2**64 - 1)))
            elif kind == 2:
                del mutated[at : at + choose.randrange(1, 64)]
            else:
                mutated[at:at] = choose.randbytes(choose.randrange(1, 64))
        begin = time.process_time()
        try:
            read(tmp_path, bytes(mutated))
            outcomes["read"] += 1
        except ModelFileInvalid:
            outcomes["refused"] += 1
        assert time.process_time() - begin < 2
    assert min(outcomes.values()) > 10, outcomes


def test_a_vocabulary_of_a_gigabyte_is_refused_quickly(tmp_path: Path) -> None:
    path = tmp_path / "sparse.gguf"
    pairs = (array("tokenizer.ggml.tokens", 8, 1_000_000),)
    path.write_bytes(file_of(pairs=pairs))
    # A million strings of 1 KiB each, as holes and lengths would be; here one that says so.
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 64)
        file.write(struct.pack("<Q", 1 << 30))
        file.truncate(2 << 30)
    begin = time.process_time()
    with pytest.raises(ModelFileInvalid):
        read_header(path)
    assert time.process_time() - begin < 2


def test_the_longest_allowed_vocabulary_takes_less_than_two_seconds(tmp_path: Path) -> None:
    strings = struct.pack("<Q", 1) + b"x"
    pairs = (*NEEDED_KEYS, array("tokenizer.ggml.tokens", 8, 1_499_999, strings * 1_499_999))
    path = tmp_path / "long.gguf"
    path.write_bytes(file_of(pairs=pairs))
    begin = time.process_time()
    assert read_header(path).vocabulary_size == 1_499_999
    assert time.process_time() - begin < 2


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


NO_FILES = {
    "pipe": (make_pipe, "not a regular file"),
    "folder": (Path.mkdir, "not a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
    "missing": (lambda path: None, "No such file"),
    "link to itself": (lambda path: path.symlink_to(path), "cannot be read"),
}


@pytest.mark.parametrize(("make", "sentence"), NO_FILES.values(), ids=NO_FILES.keys())
def test_refuses_what_is_no_file_at_once(tmp_path: Path, make, sentence: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "model.gguf"
    make(path)
    begin = time.perf_counter()
    with pytest.raises(ModelFileInvalid, match=sentence):
        read_header(path)
    assert time.perf_counter() - begin < 0.2


def test_refuses_a_path_with_a_null_byte() -> None:
    with pytest.raises(ModelFileInvalid):
        read_header(Path("model\0.gguf"))
