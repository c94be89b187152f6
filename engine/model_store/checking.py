"""Checks a model file's digest before its first use and after every change, and remembers that."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec

from engine.errors import ModelAltered, ModelNotInstalled
from engine.model_store.acquisition import Acquired
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.disk import move_into_place, sha256_of
from engine.model_store.gguf_header import ModelHeader, read_header
from engine.model_store.model_folder import ModelFolder, Situation
from engine.model_store.progress import Cancelled, Report
from engine.model_store.record import DigestOrigin, FileStamp, Record, write_record


class Checker:
    """Keeps the records; in a store that cannot be written, in memory only."""

    def __init__(self) -> None:
        self._unwritten: dict[Path, Record] = {}
        self._lock = threading.Lock()

    def look(self, folder: ModelFolder) -> Situation:
        """What is in the folder, with what is remembered of it."""
        with self._lock:
            remembered = self._unwritten.get(folder.path)
        return folder.look(remembered)

    def forget(self, folder: ModelFolder) -> None:
        """For when the folder's file goes or is replaced."""
        with self._lock:
            self._unwritten.pop(folder.path, None)

    def checked_file(
        self,
        folder: ModelFolder,
        entry: CatalogueEntry | None,
        *,
        report: Report,
        cancelled: Cancelled,
        anew: bool = False,
    ) -> Path:
        """The folder's model file, digested unless it was before; with `anew` in any case.

        Raises ModelNotInstalled, ModelAltered or ModelFileInvalid. Nothing of the file is parsed
        before its digest is right.
        """
        situation = self.look(folder)
        if situation.file is None:
            raise ModelNotInstalled(
                f"{folder.model_id} is not on this machine yet.",
                advice=f"Run `limpet models download {folder.model_id}` first.",
            )
        record = situation.record
        if situation.is_checked and not anew:
            if situation.state == "altered":
                raise _altered(folder)
            return situation.file
        try:
            stamp = FileStamp.of(situation.file)
            sha256 = sha256_of(situation.file, report, cancelled)
        except OSError as error:
            raise ModelNotInstalled(
                f"{situation.file} cannot be read: {error.strerror}.",
                advice="Look at the file's permissions, or remove and download the model again.",
            ) from error
        expected = (entry.sha256 if entry else "") or (record.sha256 if record else "")
        if expected and sha256 != expected:
            if record is not None:
                self._keep(folder, msgspec.structs.replace(record, stamp=stamp, is_altered=True))
            raise _altered(folder)
        if record is None:
            origin: DigestOrigin = "catalogue" if expected else "found"
            header = read_header(situation.file)
            record = describe_file(situation.file, header, Acquired(sha256, origin), entry)
        self._keep(folder, msgspec.structs.replace(record, stamp=stamp, is_altered=False))
        return situation.file

    def _keep(self, folder: ModelFolder, record: Record) -> None:
        try:
            write_record(folder.path, record)
        except OSError:
            # A store that an administrator filled and nobody may write to is still of use.
            with self._lock:
                self._unwritten[folder.path] = record
        else:
            self.forget(folder)


def install(
    temporary: Path,
    folder: ModelFolder,
    file_name: str,
    acquired: Acquired,
    entry: CatalogueEntry | None,
) -> None:
    """Gives a file that was just digested its place and its record; raises ModelFileInvalid."""
    header = read_header(temporary)
    final = folder.path / file_name
    move_into_place(temporary, final)
    write_record(folder.path, describe_file(final, header, acquired, entry))


def describe_file(
    path: Path, header: ModelHeader, acquired: Acquired, entry: CatalogueEntry | None
) -> Record:
    """The record of a file whose digest was just taken."""
    return Record(
        file_name=path.name,
        stamp=FileStamp.of(path),
        sha256=acquired.sha256,
        digest_origin=acquired.origin,
        title=entry.title if entry else header.name or path.stem,
        family=entry.family if entry else header.architecture,
        licence=entry.licence.name if entry else header.licence,
        parameters=entry.parameters if entry else header.parameter_count,
        quantization=header.quantization,
        context_length=header.context_length,
        weights_bytes=header.tensor_bytes,
        kv_values_per_token=header.kv_values_per_token,
        embedding_length=header.embedding_length,
        vocabulary_size=header.vocabulary_size,
    )


def _altered(folder: ModelFolder) -> ModelAltered:
    return ModelAltered(
        f"The file of {folder.model_id} is not the one that was installed: its digest is another."
    )
