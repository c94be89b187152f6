"""The seam behind which every signal stands."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

from engine.tasks.find_defects.finding import Finding
from engine.tasks.find_defects.source_text import SourceText


class Signal(Protocol):
    """Points at places of a text that are probably wrong.

    Each signal works alone: it knows neither the others nor what has been found already.
    """

    @property
    def version(self) -> str:
        """What its findings depend on beside the text; another one makes kept findings void."""

    def applies_to(self, source: SourceText) -> bool:
        """Whether it has anything to say about texts of that language."""

    def findings(self, source: SourceText) -> AsyncGenerator[Finding, None]:
        """Yield findings as they are found; closing the iterator stops the work."""
