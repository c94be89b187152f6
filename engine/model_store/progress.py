"""What a long operation of the store tells its caller, and how the caller ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

Stage = Literal["waiting", "trying", "fetching", "source_failed", "copying", "checking", "done"]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is. `total_bytes` is 0 where nobody knows yet; `note` is a sentence for people."""

    stage: Stage
    done_bytes: int = 0
    total_bytes: int = 0
    source: str = ""
    note: str = ""


# Called from the thread that does the work, often: it must be quick and must not raise.
Report = Callable[[Progress], None]
# Asked often; once it says True the work ends soon with DownloadCancelled.
Cancelled = Callable[[], bool]


def report_nothing(_: Progress) -> None:
    """For callers that do not want to know."""


def never_cancelled() -> bool:
    """For callers that wait until the end."""
    return False
