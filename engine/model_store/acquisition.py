"""Gets a catalogue entry's file from the first source that has the right bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.errors import DownloadFailed, NetworkUnavailable
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.disk import sha256_of
from engine.model_store.partial_file import PartialFile
from engine.model_store.progress import Cancelled, Progress, Report
from engine.model_store.record import DigestOrigin
from engine.model_store.sources.source import Source


class Acquired(msgspec.Struct, frozen=True):
    """The digest of a complete file, and who vouches for it."""

    sha256: str
    origin: DigestOrigin


class _Failure(msgspec.Struct, frozen=True):
    source: str
    reason: str
    is_network: bool


class Acquisition:
    """One attempt to complete the partial file at `path`, source after source.

    What one source left there the next one continues: the digest of the whole decides, and a file
    that fails it is thrown away and, where it was not all its own, fetched once more.
    """

    def __init__(
        self, entry: CatalogueEntry, path: Path, report: Report, cancelled: Cancelled
    ) -> None:
        self._entry = entry
        self._path = path
        self._report = report
        self._cancelled = cancelled

    def run(self, sources: Sequence[Source], *, offline: bool) -> Acquired:
        """Raises NetworkUnavailable or DownloadFailed with every source's reason."""
        failures: list[_Failure] = []
        for source in sources:
            description = source.describe(self._entry)
            if description is None:
                continue
            if offline and source.needs_network:
                failures.append(_Failure(source.name, "not tried in offline mode", True))
                continue
            self._report(Progress(stage="trying", source=source.name, note=f"trying {description}"))
            try:
                return self._from(source)
            except DownloadFailed as error:
                is_network = isinstance(error, NetworkUnavailable)
                failures.append(_Failure(source.name, error.message, is_network))
                self._report(
                    Progress(
                        stage="source_failed",
                        source=source.name,
                        note=f"{source.name}: {error.message}",
                    )
                )
        raise self._failed(failures)

    def _from(self, source: Source) -> Acquired:
        while True:
            with PartialFile(
                self._path,
                total_bytes=self._entry.size_bytes,
                report=self._report,
                cancelled=self._cancelled,
            ) as partial:
                partial.source = source.name
                began_with = partial.size_bytes
                declared = None if partial.is_complete else source.fetch(self._entry, partial)
                expected = self._entry.sha256 or declared
                if not expected:
                    raise DownloadFailed("it declares no SHA-256 for the file, nor do we know one")
                digest = sha256_of(self._path, self._report, self._cancelled)
                if digest == expected:
                    return Acquired(digest, "catalogue" if self._entry.sha256 else "hub")
                partial.start_again()
            if began_with == 0:
                raise DownloadFailed(
                    f"it sent other bytes: their SHA-256 is {digest}, not {expected}"
                )

    def _failed(self, failures: list[_Failure]) -> DownloadFailed:
        title = self._entry.title
        advice = "A model file that you have can be taken in with `limpet models import PATH`."
        if not failures:
            return DownloadFailed(f"No source has {title}.", advice=advice)
        reasons = "; ".join(f"{each.source}: {each.reason}" for each in failures)
        message = f"{title} could not be fetched: {reasons}."
        if self._path.exists() and (kept := self._path.stat().st_size):
            message += f" {kept / 1_000_000:,.0f} MB are kept for the next attempt."
        if all(each.is_network for each in failures):
            return NetworkUnavailable(message, advice=f"Connect to a network and repeat. {advice}")
        return DownloadFailed(message, advice=advice)
