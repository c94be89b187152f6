"""A suggestion that an editor wants now."""

from __future__ import annotations

from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.session.events import SessionSuggestion, Source, Suggest
from engine.tasks.complete_code.session.memory import Around


class Wish:
    """The editor's question, the text around its caret, and what was shown for it last.

    `offset` is the caret in bytes of the editor's own text.
    """

    def __init__(self, event: Suggest, caret: CaretText, offset: int) -> None:
        self.event = event
        self.caret = caret
        self.offset = offset
        self.around = Around(caret.head, caret.tail)
        self.shown: tuple[SessionSuggestion, ...] | None = None
        self.is_answered = False
        # It needs no request of its own: an answer for an earlier one goes on through it.
        self.is_typed_through = False

    @property
    def source(self) -> Source:
        """Where an answer comes from that is being written."""
        return Source.EARLIER if self.is_typed_through else Source.MODEL
