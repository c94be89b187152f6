"""The tables of tensor and file types that a GGUF header refers to by number."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class TensorType(msgspec.Struct, frozen=True):
    """A number format: rows are made of blocks of `values` numbers in `bytes` bytes."""

    number: int
    name: str
    values: int
    bytes: int


class FileType(msgspec.Struct, frozen=True):
    """The name of a mixture of tensor types, as people know it, for example `Q4_K_M`."""

    number: int
    name: str


class _Tables(msgspec.Struct, frozen=True):
    tensor_types: tuple[TensorType, ...]
    file_types: tuple[FileType, ...]


@cache
def _tables() -> _Tables:
    text = files(__package__).joinpath("gguf_types.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Tables)


@cache
def tensor_types() -> dict[int, TensorType]:
    """The tensor types that llama.cpp can still read, by number."""
    return {each.number: each for each in _tables().tensor_types}


@cache
def file_type_names() -> dict[int, str]:
    """The names of whole-file quantizations, by number."""
    return {each.number: each.name for each in _tables().file_types}
