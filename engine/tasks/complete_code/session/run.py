"""An answer of the model on its way, which later wishes may take over."""

from __future__ import annotations

from engine.inference.language_model import Figures, Piece
from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.reach import Reach, first_line_of
from engine.tasks.complete_code.session.memory import Around, Remembered

Written = tuple[bytes, tuple[float, ...]]


class Run:
    """The model's text at a caret, as far as it is written."""

    def __init__(self, caret: CaretText) -> None:
        self.caret = caret
        self.place = Around(caret.head, caret.tail).place()
        self.text = b""
        self.log_probabilities: list[float] = []
        self.reach = Reach.LINE
        self.reason = ""
        self.figures = Figures()
        self.model = ""
        # The text is complete; alternatives may still be missing.
        self.is_written = False
        self.is_done = False
        # Other texts for the same caret, each with its tokens' log-probabilities.
        self.alternatives: list[Written] = []

    @property
    def sure_text(self) -> bytes:
        """What may be shown already: of an answer that is to end by itself, the first line."""
        is_open = self.reach is Reach.FREE and not self.is_written
        return first_line_of(self.text) if is_open else self.text

    def add(self, piece: Piece) -> None:
        """Take more of the answer."""
        self.text += piece.text
        self.log_probabilities.extend(piece.log_probabilities)

    def typed_at(self, around: Around) -> int | None:
        """Return how much of the answer a caret has typed through, None where it went elsewhere.

        A user who types faster than the model writes is ahead of the answer: that is fine as long
        as the answer agrees with what was typed.
        """
        typed = around.typed_since(self.place)
        if typed is None:
            return None
        shared = min(len(typed), len(self.text))
        if typed[:shared] != self.text[:shared]:
            return None
        if self.is_done and len(typed) > len(self.text):
            return None
        return len(typed)

    def remembered(self, *, is_ahead: bool = False) -> Remembered:
        """Return the finished answer as an entry of the memory."""
        return Remembered(
            self.place,
            self.text,
            tuple(self.log_probabilities),
            self.reason,
            self.model,
            is_ahead,
            tuple(self.alternatives),
        )
