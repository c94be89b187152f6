"""The models that are offered by name, as data with what is known of each."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

import msgspec

Role = Literal["completion", "chat"]


class Licence(msgspec.Struct, frozen=True):
    """A licence; with `show_first` the user reads and accepts it before the download."""

    name: str
    url: str = ""
    show_first: bool = False


class HubFile(msgspec.Struct, frozen=True):
    """A file in a repository of the model hub."""

    repository: str
    file: str
    revision: str = "main"


class WheelParts(msgspec.Struct, frozen=True):
    """The same file cut into parts, one wheel each; `{part}` stands for the part's number."""

    name: str
    version: str
    parts: int
    part_bytes: int
    member: str

    def distribution(self, part: int) -> str:
        """The name of the wheel's distribution; parts count from 1."""
        return self.name.format(part=part)

    def member_pattern(self, part: int) -> str:
        """What the name of the wheel's one member with model bytes matches."""
        return self.member.format(part=part)


class Summary(msgspec.Struct, frozen=True):
    """One sentence on what a model is good for, in English and Chinese."""

    en: str
    zh: str = ""


class CatalogueEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A model on offer. Zero, or an empty digest, means: not known before the download."""

    id: str
    title: str
    family: str
    parameters: int
    quantization: str
    context_length: int
    licence: Licence
    hub: HubFile
    summary: Summary
    roles: tuple[Role, ...] = ()
    wheels: WheelParts | None = None
    size_bytes: int = 0
    sha256: str = ""
    kv_values_per_token: int = 0
    embedding_length: int = 0
    vocabulary_size: int = 0

    @property
    def file_name(self) -> str:
        """The name of the model's file in the store."""
        return self.hub.file


class Catalogue(msgspec.Struct, frozen=True):
    """All models on offer, and which of them is meant where none is named."""

    default: str
    models: tuple[CatalogueEntry, ...]

    def find(self, model_id: str) -> CatalogueEntry | None:
        """The entry with exactly this id."""
        return next((each for each in self.models if each.id == model_id), None)


def load_catalogue(text: str | None = None) -> Catalogue:
    """The catalogue in `text`, or the one that comes with the program."""
    if text is None:
        text = files(__package__).joinpath("catalogue.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Catalogue)
