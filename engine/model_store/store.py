"""The model store: which models are here, and how they come, are checked and go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import (
    LicenceNotAccepted,
    ModelAltered,
    ModelFileInvalid,
    ModelNotFound,
    ModelNotInstalled,
)
from engine.model_store.acquisition import Acquisition
from engine.model_store.card import ModelCard, make_card
from engine.model_store.catalogue import Catalogue, CatalogueEntry
from engine.model_store.checking import Checker, install
from engine.model_store.disk import disk_errors, require_room
from engine.model_store.free_memory import free_memory_bytes
from engine.model_store.gguf_header import ModelHeader, read_header
from engine.model_store.importer import Importer
from engine.model_store.lock import held, held_at_once
from engine.model_store.memory_fit import MemoryFit, judge, memory_need
from engine.model_store.model_folder import ModelFolder, folders_in
from engine.model_store.names import resolve
from engine.model_store.progress import (
    Cancelled,
    Progress,
    Report,
    never_cancelled,
    report_nothing,
)
from engine.model_store.sources.source import Source


class ModelStore:
    """The models in `directory` and those that the catalogue offers.

    All methods block and may be called from any thread and from several processes at once; long
    ones tell their progress through `report` and end soon after `cancelled()` becomes true. A name
    is an id, a unique beginning of one, or `default`. Nothing is written before it must be.
    """

    def __init__(
        self,
        directory: Path,
        *,
        catalogue: Catalogue,
        sources: Sequence[Source],
        offline: bool = False,
        default_model: str = "",
    ) -> None:
        self.directory = directory
        self._catalogue = catalogue
        self._sources = tuple(sources)
        self._offline = offline
        self._default = default_model or catalogue.default
        self._checker = Checker()

    def cards(self) -> tuple[ModelCard, ...]:
        """All models, the installed ones first."""
        cards = [self._card(each) for each in self._known_ids()]
        return tuple(sorted(cards, key=lambda each: each.state not in ("installed", "altered")))

    def card(self, name: str = "") -> ModelCard:
        """One model; raises ModelNotFound."""
        return self._card(self.resolve(name))

    def resolve(self, name: str = "") -> str:
        """The id that a name means; raises ModelNotFound."""
        return resolve(name, self._known_ids(), self._default)

    def path_of(
        self,
        name: str = "",
        *,
        report: Report = report_nothing,
        cancelled: Cancelled = never_cancelled,
    ) -> Path:
        """The model's file, its digest checked: now, or earlier and not touched since.

        Raises ModelNotInstalled, ModelAltered or ModelFileInvalid.
        """
        model_id = self.resolve(name)
        entry, folder = self._entry(model_id), self._folder(model_id)
        return self._checker.checked_file(folder, entry, report=report, cancelled=cancelled)

    def header(self, name: str = "") -> ModelHeader:
        """What the model's file says of itself; raises as `path_of` does."""
        return read_header(self.path_of(name))

    def memory_fit(self, name: str, cells: int) -> MemoryFit | None:
        """Whether the model fits the free memory with a KV cache of `cells` tokens.

        None where too little is known of a model that is not here.
        """
        model_id = self.resolve(name)
        entry = self._entry(model_id)
        facts = self._checker.look(self._folder(model_id)).record
        weights_bytes = facts.weights_bytes if facts else entry.size_bytes if entry else 0
        numbers = facts or entry
        if not weights_bytes or numbers is None or not numbers.kv_values_per_token:
            return None
        need = memory_need(
            weights_bytes=weights_bytes,
            kv_values_per_token=numbers.kv_values_per_token,
            cells=cells,
            embedding_length=numbers.embedding_length,
            vocabulary_size=numbers.vocabulary_size,
        )
        return judge(need, free_memory_bytes())

    def verify(
        self,
        name: str = "",
        *,
        report: Report = report_nothing,
        cancelled: Cancelled = never_cancelled,
    ) -> ModelCard:
        """Reads the whole file again; raises ModelAltered where it is not what it was."""
        model_id = self.resolve(name)
        entry, folder = self._entry(model_id), self._folder(model_id)
        self._checker.checked_file(folder, entry, report=report, cancelled=cancelled, anew=True)
        return self._card(model_id)

    def download(
        self,
        name: str = "",
        *,
        licence_accepted: bool = False,
        report: Report = report_nothing,
        cancelled: Cancelled = never_cancelled,
    ) -> ModelCard:
        """Fetches a model of the catalogue, going on where an earlier attempt ended.

        An altered file is replaced. Where another process fetches the same model, this waits for
        it. Raises LicenceNotAccepted, DownloadFailed, NetworkUnavailable, DiskFull, StoreReadOnly
        or DownloadCancelled; whatever was fetched is kept.
        """
        model_id = self.resolve(name)
        entry, folder = self._entry(model_id), self._folder(model_id)
        if entry is None:
            self._checker.checked_file(folder, None, report=report, cancelled=cancelled)
            return self._card(model_id)
        if not self._is_ready(folder):
            _require_licence(entry, licence_accepted)
            with held(folder.lock_path, report, cancelled):
                self._fetch_locked(entry, folder, report, cancelled)
        card = self._card(model_id)
        report(_done(card))
        return card

    def import_file(
        self,
        path: Path,
        *,
        model_id: str = "",
        report: Report = report_nothing,
        cancelled: Cancelled = never_cancelled,
    ) -> ModelCard:
        """Takes a copy of a GGUF file into the store; the file itself is left as it is.

        A file whose digest is in the catalogue becomes that model. Raises ModelFileInvalid,
        InvalidInput (the name is taken or unusable), DiskFull, StoreReadOnly, DownloadCancelled.
        """
        importer = Importer(self.directory, self._catalogue, self._checker)
        final_id = importer.take_in(path, model_id, report, cancelled)
        card = self._card(final_id)
        report(_done(card))
        return card

    def remove(self, model_id: str) -> int:
        """Deletes a model's file or partial file; says how many bytes that freed.

        Takes the id in full. Raises ModelNotFound, ModelNotInstalled, StoreBusy, StoreReadOnly.
        """
        if model_id not in self._known_ids():
            raise ModelNotFound(f"There is no model called {model_id[:100]!r}.")
        folder = self._folder(model_id)
        nothing = ModelNotInstalled(f"{model_id} is not on this machine.", advice="Nothing to do.")
        if not folder.path.exists():
            raise nothing
        with held_at_once(folder.lock_path), disk_errors(self.directory, "removing the model"):
            if self._checker.look(folder).state == "absent":
                raise nothing
            self._checker.forget(folder)
            return folder.remove()

    # --- parts ------------------------------------------------------------------------------

    def _known_ids(self) -> list[str]:
        offered = [each.id for each in self._catalogue.models]
        imported = [
            each
            for each in folders_in(self.directory)
            if each not in offered and self._checker.look(self._folder(each)).file is not None
        ]
        return offered + imported

    def _entry(self, model_id: str) -> CatalogueEntry | None:
        return self._catalogue.find(model_id)

    def _folder(self, model_id: str) -> ModelFolder:
        return ModelFolder.of(self.directory, model_id, self._catalogue)

    def _card(self, model_id: str) -> ModelCard:
        entry, folder = self._entry(model_id), self._folder(model_id)
        described = (each.describe(entry) for each in self._sources) if entry else ()
        return make_card(
            folder,
            entry,
            self._checker.look(folder),
            is_default=model_id == self._default,
            sources=tuple(each for each in described if each),
        )

    def _is_ready(self, folder: ModelFolder) -> bool:
        situation = self._checker.look(folder)
        return situation.state == "installed" and situation.is_checked

    def _fetch_locked(
        self, entry: CatalogueEntry, folder: ModelFolder, report: Report, cancelled: Cancelled
    ) -> None:
        with disk_errors(self.directory, "preparing the model's folder"):
            folder.path.mkdir(parents=True, exist_ok=True)
            folder.clear_leftovers()
        try:
            self._checker.checked_file(folder, entry, report=report, cancelled=cancelled)
            return
        except ModelNotInstalled:
            pass  # the usual case: there is nothing yet
        except (ModelAltered, ModelFileInvalid):
            with disk_errors(self.directory, "removing the altered file"):
                self._checker.forget(folder)
                folder.remove()
                folder.path.mkdir(exist_ok=True)
        partial = folder.partial_path(entry.file_name)
        if entry.size_bytes:
            present = partial.stat().st_size if partial.exists() else 0
            require_room(folder.path, entry.size_bytes - present)
        acquisition = Acquisition(entry, partial, report, cancelled)
        acquired = acquisition.run(self._sources, offline=self._offline)
        with disk_errors(self.directory, "finishing the download"):
            try:
                install(partial, folder, entry.file_name, acquired, entry)
            except ModelFileInvalid:
                partial.unlink()
                raise


def _require_licence(entry: CatalogueEntry, accepted: bool) -> None:
    licence = entry.licence
    if licence.show_first and not accepted:
        raise LicenceNotAccepted(
            f"{entry.title} is under the {licence.name}, to be read at {licence.url} and accepted "
            "before the download."
        )


def _done(card: ModelCard) -> Progress:
    return Progress(
        stage="done",
        done_bytes=card.size_bytes,
        total_bytes=card.size_bytes,
        note=f"{card.title} is installed",
    )
