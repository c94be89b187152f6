"""A suggestion that an editor wants now."""

from __future__ import annotations

from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.session.events import SessionSuggestion, Suggest
from engine.tasks.complete_code.session.memory import Around


class Wish:
    """The editor's question, the text around its caret, and what was shown for it last."""

    def __init__(self, event: Suggest, caret: CaretText) -> None:
        self.event = event
        self.caret = caret
        self.around = Around(caret.head, caret.tail)
        self.shown: tuple[SessionSuggestion, ...] | None = None
