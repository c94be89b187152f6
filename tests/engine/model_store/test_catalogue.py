"""The catalogue that comes with the program holds together."""

from __future__ import annotations

import re

import pytest

from engine.errors import ModelNotFound
from engine.model_store.catalogue import CatalogueEntry, load_catalogue
from engine.model_store.names import resolve

MODELS = load_catalogue().models
BY_ID = [pytest.param(each, id=each.id) for each in MODELS]


def test_the_default_is_the_smallest_model_of_which_all_is_known() -> None:
    catalogue = load_catalogue()
    default = catalogue.find(catalogue.default)
    assert default is not None
    assert default.size_bytes == min(each.size_bytes for each in MODELS if each.size_bytes)
    assert default.sha256
    assert default.wheels


def test_ids_and_file_names_are_unique() -> None:
    assert len({each.id for each in MODELS}) == len(MODELS)
    assert len({each.file_name for each in MODELS}) == len(MODELS)


@pytest.mark.parametrize("entry", BY_ID)
def test_an_entry_is_usable(entry: CatalogueEntry) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", entry.id)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*\.gguf", entry.file_name)
    assert re.fullmatch(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", entry.hub.repository)
    assert entry.sha256 == "" or re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    assert bool(entry.sha256) == bool(entry.size_bytes)
    assert entry.licence.name
    assert entry.licence.url.startswith("https://")
    assert entry.licence.show_first or entry.licence.name == "Apache-2.0"
    assert entry.summary.en
    assert entry.summary.zh
    assert entry.roles


@pytest.mark.parametrize("entry", [each for each in BY_ID if each.values[0].wheels])  # type: ignore[union-attr]
def test_the_parts_of_wheels_add_up(entry: CatalogueEntry) -> None:
    wheels = entry.wheels
    assert wheels is not None
    assert (wheels.parts - 1) * wheels.part_bytes < entry.size_bytes
    assert entry.size_bytes <= wheels.parts * wheels.part_bytes
    assert wheels.distribution(1).endswith("part1")
    assert wheels.member_pattern(1).endswith("/part01.bin")


def test_licences_that_bind_are_shown_first() -> None:
    shown = {each.id for each in MODELS if each.licence.show_first}
    assert {"codeshell-7b-chat", "qwen2.5-coder-3b"} <= shown


KNOWN = ("qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b", "codeshell-7b-chat", "codeshell")

NAMES = {
    "": "qwen2.5-coder-0.5b",
    "default": "qwen2.5-coder-0.5b",
    "Default ": "qwen2.5-coder-0.5b",
    "qwen2.5-coder-1.5b": "qwen2.5-coder-1.5b",
    "QWEN2.5-Coder-1": "qwen2.5-coder-1.5b",
    "codeshell": "codeshell",  # exact before beginning
    "codeshell-": "codeshell-7b-chat",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_a_name_means_one_model(name: str, expected: str) -> None:
    assert resolve(name, KNOWN, "qwen2.5-coder-0.5b") == expected


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("qwen2.5-coder", "could be qwen2.5-coder-0.5b or qwen2.5-coder-1.5b"),
        ("qwen2.5-codr-1.5b", "Did you mean qwen2.5-coder-1.5b"),
        ("llama", "no model called 'llama'"),
        ("../../etc/passwd", "no model called"),
    ],
)
def test_a_name_that_means_none_or_several(name: str, sentence: str) -> None:
    with pytest.raises(ModelNotFound, match=sentence):
        resolve(name, KNOWN, "qwen2.5-coder-0.5b")
