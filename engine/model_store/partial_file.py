"""A file that is being fetched: it only grows, survives every break, and is never too long."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from engine.errors import DownloadCancelled, DownloadFailed
from engine.model_store.disk import disk_errors, require_room
from engine.model_store.progress import Cancelled, Progress, Report


class PartialFile:
    """The beginning of a model file, kept between attempts and shared by all sources.

    Every source appends to it; none can make it longer than `total_bytes`, once that is known.
    """

    def __init__(
        self, path: Path, *, total_bytes: int, report: Report, cancelled: Cancelled
    ) -> None:
        self.path = path
        self.total_bytes = total_bytes
        self.source = ""
        self._report = report
        self._cancelled = cancelled
        with disk_errors(path.parent, "opening the partial file"):
            # Unbuffered, so that what `append` returned from is in the file.
            self._file = path.open("ab", buffering=0)
            self.size_bytes = self._file.seek(0, 2)
        if total_bytes and self.size_bytes > total_bytes:
            self.start_again()

    def __enter__(self) -> PartialFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def is_complete(self) -> bool:
        """Whether all bytes are here; False while their number is not known."""
        return self.total_bytes > 0 and self.size_bytes == self.total_bytes

    def expect(self, total_bytes: int) -> None:
        """Learns the file's length from a source and makes sure that there is room for it."""
        if self.total_bytes and total_bytes != self.total_bytes:
            raise DownloadFailed(
                f"it has a file of {total_bytes} bytes where {self.total_bytes} are expected"
            )
        self.total_bytes = total_bytes
        if self.size_bytes > total_bytes:
            self.start_again()
        require_room(self.path.parent, total_bytes - self.size_bytes)

    def append(self, piece: bytes) -> None:
        """Adds bytes. Raises DownloadCancelled, DownloadFailed (too many bytes) or DiskFull."""
        self.raise_if_cancelled()
        if self.total_bytes and self.size_bytes + len(piece) > self.total_bytes:
            raise DownloadFailed(f"it sent more than the {self.total_bytes} bytes of the file")
        with disk_errors(self.path.parent, "writing the model file"):
            view = memoryview(piece)
            while view:
                written = self._file.write(view)
                self.size_bytes += written
                view = view[written:]
        self.report_fetched(0)

    def report_fetched(self, more_bytes: int) -> None:
        """Tells how far it is; `more_bytes` are fetched but not appended yet."""
        done = self.size_bytes + more_bytes
        self._report(
            Progress(
                stage="fetching",
                done_bytes=min(done, self.total_bytes) if self.total_bytes else done,
                total_bytes=self.total_bytes,
                source=self.source,
            )
        )

    def tell(self, note: str) -> None:
        """Passes a sentence on to the caller, for example which mirror is about to be asked."""
        self._report(
            Progress(
                stage="trying",
                done_bytes=self.size_bytes,
                total_bytes=self.total_bytes,
                source=self.source,
                note=note,
            )
        )

    def raise_if_cancelled(self) -> None:
        """Raises DownloadCancelled where the caller wants to stop; what is here is kept."""
        if self._cancelled():
            raise DownloadCancelled("The download was cancelled; what was fetched is kept.")

    def start_again(self) -> None:
        """Throws away what is here: it was not the beginning of the right file."""
        with disk_errors(self.path.parent, "emptying the partial file"):
            self._file.truncate(0)
        self.size_bytes = 0
