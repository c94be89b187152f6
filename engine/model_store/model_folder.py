"""A model's folder in the store: where its file, partial file, record and lock are."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

import msgspec

from engine.model_store.catalogue import Catalogue
from engine.model_store.record import RECORD_NAME, FileStamp, Record, read_record
from engine.model_store.sources.wheels import TEMPORARY_PREFIX

_PARTIAL_ENDING = ".part"


class Situation(msgspec.Struct, frozen=True):
    """What is in a folder now. `is_checked`: the file is the one that the record speaks of."""

    state: Literal["absent", "partial", "installed", "altered"]
    file: Path | None
    record: Record | None
    present_bytes: int
    is_checked: bool


class ModelFolder:
    """The folder of one model; `usual_file_name` is the catalogue's, empty for imported models."""

    def __init__(self, store: Path, model_id: str, usual_file_name: str = "") -> None:
        self.model_id = model_id
        self.path = store / model_id
        self.lock_path = store / ".locks" / f"{model_id}.lock"
        self._usual_file_name = usual_file_name

    @classmethod
    def of(cls, store: Path, model_id: str, catalogue: Catalogue) -> ModelFolder:
        """The folder of the model with that id, in the catalogue or not."""
        entry = catalogue.find(model_id)
        return cls(store, model_id, entry.file_name if entry else "")

    def partial_path(self, file_name: str) -> Path:
        """Where the file is collected while it is fetched."""
        return self.path / f"{file_name}{_PARTIAL_ENDING}"

    def look(self, remembered: Record | None = None) -> Situation:
        """What is there; `remembered` stands in for a record that could not be written."""
        record = remembered or read_record(self.path)
        file = self._file(record)
        if file is None:
            size = sum(each.stat().st_size for each in self.path.glob(f"*{_PARTIAL_ENDING}"))
            return Situation("partial" if size else "absent", None, None, size, False)
        stamp = FileStamp.of(file)
        if record is None or record.file_name != file.name:
            return Situation("installed", file, None, stamp.size_bytes, False)
        is_checked = record.stamp == stamp
        is_altered = (
            record.is_altered if is_checked else record.stamp.size_bytes != stamp.size_bytes
        )
        state: Literal["altered", "installed"] = "altered" if is_altered else "installed"
        return Situation(state, file, record, stamp.size_bytes, is_checked)

    def clear_leftovers(self) -> None:
        """Deletes what a killed process left; only for the holder of the lock."""
        for folder in self.path.glob(f"{TEMPORARY_PREFIX}*"):
            shutil.rmtree(folder, ignore_errors=True)
        for file in self.path.glob("*.new"):
            file.unlink(missing_ok=True)

    def remove(self) -> int:
        """Deletes all that is the store's here; says how many bytes that freed."""
        freed = 0
        # The record first: a file without one is checked anew, a record without a file is nothing.
        files = [self.path / RECORD_NAME, *self.path.glob(f"*{_PARTIAL_ENDING}")]
        files += self.path.glob("*.gguf")
        for file in files:
            if file.is_file():
                freed += file.stat().st_size
                file.unlink()
        self.clear_leftovers()
        if self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()
        return freed

    def _file(self, record: Record | None) -> Path | None:
        for name in (record.file_name if record else "", self._usual_file_name):
            if name and (self.path / name).is_file():
                return self.path / name
        files = [each for each in self.path.glob("*.gguf") if each.is_file()]
        return files[0] if len(files) == 1 else None


def folders_in(store: Path) -> list[str]:
    """The names of the folders in the store that may hold a model."""
    if not store.is_dir():
        return []
    return sorted(
        each.name for each in store.iterdir() if each.is_dir() and not each.name.startswith(".")
    )
