"""Reads the tensor list of an untrusted GGUF header and checks that the file can hold it."""

from __future__ import annotations

from collections import Counter

import msgspec

from engine.errors import ModelFileInvalid
from engine.model_store.gguf_bytes import HeaderBytes
from engine.model_store.gguf_types import TensorType, tensor_types

_MAXIMUM_TENSORS = 65_536
_MAXIMUM_DIMENSIONS = 4
_MAXIMUM_NAME_BYTES = 63  # ggml keeps 64 bytes for a name, the end mark included
_MAXIMUM_VALUES = 2**63 - 1


class TensorList(msgspec.Struct, frozen=True):
    """What the tensors of a file add up to."""

    count: int
    parameter_count: int
    tensor_bytes: int
    commonest_type: str


def read_tensors(header: HeaderBytes, count: int, alignment: int) -> TensorList:
    """Reads `count` tensor entries and checks that their data lies in the file, in order.

    llama.cpp wants each tensor to begin where the one before it ended, rounded up to `alignment`;
    a file that says otherwise is refused here already.
    """
    if not 0 < count <= _MAXIMUM_TENSORS:
        raise ModelFileInvalid(
            f"The file claims {count} tensors; a model has between 1 and {_MAXIMUM_TENSORS}."
        )
    names: set[bytes] = set()
    bytes_by_type: Counter[str] = Counter()
    parameters = tensor_bytes = expected_offset = data_end = 0
    for _ in range(count):
        name, shape, tensor_type, offset = _read_entry(header)
        label = name.decode("utf-8", "backslashreplace")
        if name in names:
            raise ModelFileInvalid(f"The tensor {label} is there twice.")
        names.add(name)
        values, size = _measure(label, shape, tensor_type)
        if offset != expected_offset:
            raise ModelFileInvalid(
                f"The tensor {label} begins at {offset} and should begin at {expected_offset}."
            )
        data_end = offset + size
        if data_end > header.size_bytes:
            raise ModelFileInvalid(
                f"The tensor {label} needs {size} bytes; the whole file has {header.size_bytes}: "
                "it is truncated or not what it says."
            )
        expected_offset = _round_up(data_end, alignment)
        parameters += values
        tensor_bytes += size
        bytes_by_type[tensor_type.name] += size
    missing = _round_up(header.position, alignment) + data_end - header.size_bytes
    if missing > 0:
        raise ModelFileInvalid(f"The file is truncated: {missing} bytes of tensors are missing.")
    return TensorList(count, parameters, tensor_bytes, bytes_by_type.most_common(1)[0][0])


def _read_entry(header: HeaderBytes) -> tuple[bytes, list[int], TensorType, int]:
    name = header.string(_MAXIMUM_NAME_BYTES, "a tensor's name")
    dimensions = header.u32("a tensor's number of dimensions")
    if dimensions > _MAXIMUM_DIMENSIONS:
        raise ModelFileInvalid(
            f"A tensor claims {dimensions} dimensions; {_MAXIMUM_DIMENSIONS} is the limit."
        )
    shape = [header.u64("a tensor's shape") for _ in range(dimensions)]
    number = header.u32("a tensor's type")
    known = tensor_types().get(number)
    if known is None:
        raise ModelFileInvalid(
            f"A tensor has the type {number}, which is unknown or was retired from llama.cpp."
        )
    return name, shape, known, header.u64("a tensor's offset")


def _measure(label: str, shape: list[int], tensor_type: TensorType) -> tuple[int, int]:
    """How many numbers a tensor has and how many bytes they take."""
    values = 1
    for length in shape:
        values *= length
    # A zero is refused too: it would hide an overflow of the other lengths.
    if not 0 < values <= _MAXIMUM_VALUES:
        raise ModelFileInvalid(f"The tensor {label} has the impossible shape {shape}.")
    row = shape[0] if shape else 1
    if row % tensor_type.values:
        raise ModelFileInvalid(
            f"A row of the tensor {label} has {row} values, which is no multiple of the "
            f"{tensor_type.values} that a block of {tensor_type.name} has."
        )
    return values, values // tensor_type.values * tensor_type.bytes


def _round_up(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment
