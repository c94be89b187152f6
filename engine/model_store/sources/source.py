"""What a source of model files is: it brings bytes, and is never trusted with their rightness."""

from __future__ import annotations

from typing import Protocol

from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.partial_file import PartialFile


class Source(Protocol):
    """A place that may have a catalogue entry's file."""

    @property
    def name(self) -> str:
        """A word for it, such as `hub`."""
        ...

    @property
    def needs_network(self) -> bool:
        """Whether it is passed over in offline mode."""
        ...

    def describe(self, entry: CatalogueEntry) -> str | None:
        """What would be used, with the mirror's name, for people; None where it has nothing."""
        ...

    def fetch(self, entry: CatalogueEntry, partial: PartialFile) -> str | None:
        """Appends what is missing to `partial`, from wherever it stands.

        Returns the SHA-256 that the source declares for the file, where it declares one. Raises
        NetworkUnavailable or DownloadFailed with a reason in a few words; lets DownloadCancelled,
        DiskFull and StoreReadOnly of `partial` pass.
        """
        ...
