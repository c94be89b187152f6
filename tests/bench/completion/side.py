"""The seam between a typist and whoever completes: Limpet, or a peer behind an editor's plugin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tests.bench.completion.editor_text import Edit, EditorText
from tests.bench.completion.keystrokes import Answer


class Wish(Protocol):
    """A suggestion that was asked for. Times count from the key."""

    def wait_for_line(self, seconds: float) -> bool:
        """Wait until the line is whole, or it is known that there is none."""

    def cancel(self) -> None:
        """Say that it is no longer wanted."""

    def answer(self) -> Answer:
        """Return what has come so far."""


class Side(Protocol):
    """One system that completes what a typist types."""

    @property
    def title(self) -> str:
        """Its name in the table."""

    def open(self, view: EditorText) -> None:
        """A file comes to the front."""

    def edit(self, view: EditorText, edits: Sequence[Edit]) -> None:
        """A change that no suggestion is wanted for; `view` has it already."""

    def ask(self, view: EditorText, edits: Sequence[Edit]) -> Wish:
        """A key was pressed: tell of the change, if any, and ask for a suggestion."""

    def move(self, view: EditorText) -> None:
        """The caret moved."""

    def accept(self, wish: Wish, characters: int) -> None:
        """So much of a suggestion was taken."""

    def save(self, view: EditorText) -> None:
        """The file was saved."""

    def rest(self, seconds: float) -> None:
        """Let time pass in which the typist does nothing."""
