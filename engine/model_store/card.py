"""What the store says about a model: a card made from the catalogue, the record and the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from engine.model_store.catalogue import CatalogueEntry, Licence, Role, Summary
from engine.model_store.model_folder import ModelFolder, Situation
from engine.model_store.record import DigestOrigin, Record

ModelState = Literal["absent", "partial", "installed", "altered"]

_UNKNOWN_DIGEST = (
    "Its digest is not in our catalogue: the one that the hub declares is recorded at download."
)
_NOTE_BY_ORIGIN: dict[DigestOrigin, str] = {
    "hub": "Its digest is the one that the hub declared at download.",
    "found": "It was found in the store without a record; its digest was taken then.",
}


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a model. Zero and empty mean: not known before the download.

    `family` is the prompt family for models of the catalogue, and the file's architecture for
    imported ones. `sources` are tried in that order.
    """

    id: str
    title: str
    summary: Summary
    family: str
    parameters: int
    quantization: str
    context_length: int
    licence: Licence
    roles: tuple[Role, ...]
    size_bytes: int
    sha256: str
    digest_origin: DigestOrigin | None
    state: ModelState
    present_bytes: int
    path: Path | None
    is_default: bool
    is_imported: bool
    sources: tuple[str, ...]
    notes: tuple[str, ...]


def make_card(
    folder: ModelFolder,
    entry: CatalogueEntry | None,
    situation: Situation,
    *,
    is_default: bool,
    sources: tuple[str, ...],
) -> ModelCard:
    """The card of the model in `folder`; there is an entry, a file, or both."""
    record = situation.record
    if entry is None:
        return _imported_card(folder, situation, is_default=is_default)
    return ModelCard(
        id=entry.id,
        title=entry.title,
        summary=entry.summary,
        family=entry.family,
        parameters=entry.parameters,
        quantization=entry.quantization,
        context_length=entry.context_length,
        licence=entry.licence,
        roles=entry.roles,
        size_bytes=entry.size_bytes or (record.stamp.size_bytes if record else 0),
        sha256=entry.sha256 or (record.sha256 if record else ""),
        digest_origin="catalogue" if entry.sha256 else (record.digest_origin if record else None),
        state=situation.state,
        present_bytes=situation.present_bytes,
        path=situation.file,
        is_default=is_default,
        is_imported=False,
        sources=sources,
        notes=_notes(situation, entry),
    )


def _imported_card(folder: ModelFolder, situation: Situation, *, is_default: bool) -> ModelCard:
    record = situation.record
    return ModelCard(
        id=folder.model_id,
        title=record.title if record else folder.model_id,
        summary=Summary(en="Imported from a file.", zh="从文件导入。"),
        family=record.family if record else "",
        parameters=record.parameters if record else 0,
        quantization=record.quantization if record else "",
        context_length=record.context_length if record else 0,
        licence=Licence(record.licence if record else ""),
        roles=("completion", "chat"),
        size_bytes=situation.present_bytes,
        sha256=record.sha256 if record else "",
        digest_origin=record.digest_origin if record else None,
        state=situation.state,
        present_bytes=situation.present_bytes,
        path=situation.file,
        is_default=is_default,
        is_imported=True,
        sources=(),
        notes=_notes(situation, None),
    )


def _notes(situation: Situation, entry: CatalogueEntry | None) -> tuple[str, ...]:
    notes: list[str] = []
    record: Record | None = situation.record
    if entry is not None and not entry.sha256 and record is None:
        notes.append(_UNKNOWN_DIGEST)
    if record is not None and not (entry and entry.sha256):
        note = _NOTE_BY_ORIGIN.get(record.digest_origin)
        if note:
            notes.append(note)
    if situation.state == "installed" and not situation.is_checked:
        notes.append("The file has not been checked since it changed; it will be before its use.")
    return tuple(notes)
