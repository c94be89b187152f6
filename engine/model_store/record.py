"""What the store remembers of an installed file, beside it, so that it is digested only once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from engine.model_store.disk import write_atomically

RECORD_NAME = "record.json"

# Who vouches for the digest: our catalogue; the hub, at download; the import itself; or nobody,
# because the file was found in the store without a usable record.
DigestOrigin = Literal["catalogue", "hub", "import", "found"]


class FileStamp(msgspec.Struct, frozen=True):
    """What changes when a file is replaced or written, and is cheap to look at."""

    size_bytes: int
    modified_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> FileStamp:
        """The stamp of the file at `path`; raises OSError where there is none."""
        status = path.stat()
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An installed file, the digest it had when it was checked last, and facts for its card."""

    file_name: str
    stamp: FileStamp
    sha256: str
    digest_origin: DigestOrigin
    title: str
    family: str
    licence: str
    parameters: int
    quantization: str
    context_length: int
    weights_bytes: int
    kv_values_per_token: int
    embedding_length: int
    vocabulary_size: int
    is_altered: bool = False


def read_record(folder: Path) -> Record | None:
    """The record in `folder`; None where there is none, or none that can be understood."""
    try:
        record = msgspec.json.decode((folder / RECORD_NAME).read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError, ValueError):
        return None
    # The name is joined to a path: a record that points elsewhere is no record.
    return record if record.file_name == Path(record.file_name).name else None


def write_record(folder: Path, record: Record) -> None:
    """Replaces the record in `folder`; raises OSError where it cannot."""
    write_atomically(folder / RECORD_NAME, msgspec.json.encode(record))
