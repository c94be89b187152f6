"""Takes a model file that is on this machine already: in a named folder or the hub's own cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.errors import DownloadFailed
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.partial_file import PartialFile

_BLOCK_BYTES = 4 << 20


class LocalFileSource:
    """Looks for a file of the right name and length; only then is it worth being digested."""

    name = "local file"
    needs_network = False

    def __init__(self, folders: Sequence[Path], hub_cache: Path | None = None) -> None:
        self._folders = tuple(folders)
        self._hub_cache = hub_cache

    def describe(self, entry: CatalogueEntry) -> str | None:
        """The file that would be copied."""
        path = self._find(entry)
        return None if path is None else f"the file {path}"

    def fetch(self, entry: CatalogueEntry, partial: PartialFile) -> str | None:
        """Copies the rest of the file."""
        path = self._find(entry)
        if path is None:
            raise DownloadFailed("there is no file of that name and length")
        try:
            with path.open("rb", buffering=0) as file:
                file.seek(partial.size_bytes)
                while block := file.read(_BLOCK_BYTES):
                    partial.append(block)
        except OSError as error:
            raise DownloadFailed(f"{path} cannot be read: {error.strerror}") from error
        if not partial.is_complete:
            raise DownloadFailed(f"{path} became shorter while it was copied")
        return None

    def _find(self, entry: CatalogueEntry) -> Path | None:
        if not entry.sha256 or not entry.size_bytes:
            return None  # without a digest of our own there is nothing to hold a file to
        for path in self._candidates(entry):
            try:
                if path.is_file() and path.stat().st_size == entry.size_bytes:
                    return path
            except OSError:
                continue  # unreadable folders have nothing for us
        return None

    def _candidates(self, entry: CatalogueEntry) -> Iterator[Path]:
        for folder in self._folders:
            yield folder / entry.file_name
        if self._hub_cache is not None:
            repository = "models--" + entry.hub.repository.replace("/", "--")
            snapshots = self._hub_cache / repository / "snapshots"
            yield from sorted(snapshots.glob(f"*/{entry.hub.file}"))
