"""Catalogue entries, sources and wheels for tests of the store."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import DownloadFailed
from engine.model_store.catalogue import (
    Catalogue,
    CatalogueEntry,
    HubFile,
    Licence,
    Summary,
    WheelParts,
)
from engine.model_store.partial_file import PartialFile
from engine.model_store.progress import Progress
from engine.model_store.sources.source import Source
from engine.model_store.store import ModelStore

REPOSITORY, FILE, REVISION = "maker/tiny", "tiny.gguf", "main"
HUB_PATH = f"/{REPOSITORY}/resolve/{REVISION}/{FILE}"


def entry_of(
    content: bytes,
    *,
    model_id: str = "tiny",
    known: bool = True,
    wheels: WheelParts | None = None,
    show_first: bool = False,
) -> CatalogueEntry:
    """An entry whose file is `content`; unless `known`, without digest and length."""
    return CatalogueEntry(
        id=model_id,
        title=f"The {model_id} model",
        family="qwen2.5-coder",
        parameters=4608,
        quantization="Q8_0",
        context_length=2048,
        licence=Licence("MIT", "https://example.org/licence", show_first),
        hub=HubFile(REPOSITORY, FILE, REVISION),
        summary=Summary("For tests.", "测试用。"),
        wheels=wheels,
        size_bytes=len(content) if known else 0,
        sha256=hashlib.sha256(content).hexdigest() if known else "",
    )


def catalogue_of(*entries: CatalogueEntry) -> Catalogue:
    """A catalogue with the first entry as its default."""
    return Catalogue(entries[0].id, entries)


@dataclass
class FakeSource:
    """Appends what it has, from where the partial file ends; then fails where it should."""

    content: bytes
    name: str = "fake"
    needs_network: bool = True
    declared: str | None = None
    error: Exception | None = None
    stop_at: int | None = None
    fetches: int = 0

    def describe(self, entry: CatalogueEntry) -> str | None:
        return f"a fake of {entry.id}"

    def fetch(self, entry: CatalogueEntry, partial: PartialFile) -> str | None:
        self.fetches += 1
        end = len(self.content) if self.stop_at is None else self.stop_at
        for begin in range(partial.size_bytes, end, 1000):
            partial.append(self.content[begin : min(begin + 1000, end)])
        if self.error is not None:
            raise self.error
        if self.stop_at is not None:
            raise DownloadFailed("it broke off")
        return self.declared


@dataclass
class Listener:
    """Keeps what was reported, and cancels once a number of bytes is there."""

    heard: list[Progress] = field(default_factory=list)
    cancel_at_bytes: int | None = None

    def report(self, progress: Progress) -> None:
        self.heard.append(progress)

    def cancelled(self) -> bool:
        return self.cancel_at_bytes is not None and any(
            each.done_bytes >= self.cancel_at_bytes for each in self.heard
        )

    @property
    def notes(self) -> list[str]:
        return [each.note for each in self.heard if each.note]


def write_wheels(folder: Path, content: bytes, part_bytes: int) -> WheelParts:
    """Cuts `content` into wheels in `folder`, each as pip wants it."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = -(-len(content) // part_bytes)
    for part in range(1, parts + 1):
        piece = content[(part - 1) * part_bytes : part * part_bytes]
        write_wheel(folder, part, {f"tiny_parts_{part}/data/part{part:02}.bin": piece})
    return WheelParts("tiny-parts-{part}", "1.0", parts, part_bytes, "*/data/part{part:02}.bin")


def write_wheel(folder: Path, part: int, members: dict[str, bytes]) -> None:
    """One wheel with the given members, and code that must never run."""
    name = f"tiny_parts_{part}"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('this ran')\n")
        for member, content in members.items():
            wheel.writestr(member, content)
        information = f"{name}-1.0.dist-info"
        wheel.writestr(
            f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{information}/RECORD", "")


def store_with(
    directory: Path, *entries: CatalogueEntry, sources: Sequence[Source] = (), offline: bool = False
) -> ModelStore:
    """A store whose catalogue is `entries`."""
    return ModelStore(directory, catalogue=catalogue_of(*entries), sources=sources, offline=offline)


def altered(path: Path) -> None:
    """Flips one bit of the file's last byte."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
