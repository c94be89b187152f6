"""Takes a model file of this machine into the store under a name that is free."""

from __future__ import annotations

import itertools
from pathlib import Path

from engine.errors import InvalidInput
from engine.model_store.acquisition import Acquired
from engine.model_store.catalogue import Catalogue
from engine.model_store.checking import Checker, install
from engine.model_store.disk import disk_errors
from engine.model_store.gguf_header import read_header
from engine.model_store.importing import (
    checked_id,
    clear_folder,
    copy_in,
    file_name_for,
    id_from_file_name,
)
from engine.model_store.lock import held
from engine.model_store.model_folder import ModelFolder
from engine.model_store.progress import Cancelled, Report


class Importer:
    """Imports one file at a time into the store at `directory`."""

    def __init__(self, directory: Path, catalogue: Catalogue, checker: Checker) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self._checker = checker

    def take_in(self, path: Path, wanted_id: str, report: Report, cancelled: Cancelled) -> str:
        """Copies the file and returns the id that it got; raises as `ModelStore.import_file`."""
        if wanted_id:
            checked_id(wanted_id)
        read_header(path)
        incoming = self._directory / ".incoming"
        with (
            held(self._directory / ".locks" / ".import.lock", report, cancelled),
            disk_errors(self._directory, "importing the model file"),
        ):
            clear_folder(incoming)
            copy = incoming / "copy.gguf"
            try:
                sha256 = copy_in(path, copy, report, cancelled)
                model_id = self._id(wanted_id, path, sha256)
                folder = self._folder(model_id)
                with held(folder.lock_path, report, cancelled):
                    self._shelve(copy, path, folder, sha256)
            finally:
                copy.unlink(missing_ok=True)
        return model_id

    def _folder(self, model_id: str) -> ModelFolder:
        return ModelFolder.of(self._directory, model_id, self._catalogue)

    def _id(self, wanted_id: str, path: Path, sha256: str) -> str:
        twin = next((each for each in self._catalogue.models if each.sha256 == sha256), None)
        if wanted_id:
            if self._catalogue.find(wanted_id) and (twin is None or twin.id != wanted_id):
                raise InvalidInput(
                    f"{wanted_id} is a model of the catalogue, and this is not its file.",
                    advice="Give it another name.",
                )
            return wanted_id
        if twin is not None:
            return twin.id
        base = id_from_file_name(path)
        candidates = itertools.chain((base,), (f"{base}-{number}" for number in itertools.count(2)))
        return next(each for each in candidates if self._is_free(each, sha256))

    def _is_free(self, model_id: str, sha256: str) -> bool:
        """Whether an unnamed import may take this name: nothing, or the same file, has it."""
        if self._catalogue.find(model_id) is not None:
            return False
        situation = self._checker.look(self._folder(model_id))
        has_same = situation.record is not None and situation.record.sha256 == sha256
        return situation.file is None or has_same

    def _shelve(self, copy: Path, original: Path, folder: ModelFolder, sha256: str) -> None:
        """Installs the copy, unless the same file is there already."""
        entry = self._catalogue.find(folder.model_id)
        situation = self._checker.look(folder)
        record = situation.record
        if situation.state == "installed":
            is_same = record is not None and record.sha256 == sha256
            if is_same and situation.is_checked:
                return
            if not is_same and entry is None:
                raise InvalidInput(
                    f"There is another model called {folder.model_id}.",
                    advice="Remove it first, or give this one another name.",
                )
        self._checker.forget(folder)
        folder.remove()
        folder.path.mkdir(parents=True, exist_ok=True)
        file_name = entry.file_name if entry else file_name_for(original, folder.model_id)
        acquired = Acquired(sha256, "catalogue" if entry else "import")
        install(copy, folder, file_name, acquired, entry)
