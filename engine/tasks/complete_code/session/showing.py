"""From what was written to what an editor shows, counted in its own unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.finishing import finish
from engine.tasks.complete_code.question import Suggestion
from engine.tasks.complete_code.session.document import Document
from engine.tasks.complete_code.session.events import SessionSuggestion, Trigger
from engine.tasks.complete_code.session.run import Written

# Who types is shown nothing that the model itself doubts more than this: the geometric mean of the
# tokens' probabilities. Of 96 lines of the standard library's packages the default model's doubtful
# suggestions were 20, and none of them was right; see docs/completion.md.
LEAST_CONFIDENCE = 0.4


def worth_showing(suggestion: Suggestion | None, trigger: Trigger) -> Suggestion | None:
    """Return a suggestion that is worth being looked at; who asks by hand is shown any."""
    if suggestion is None or trigger is Trigger.MANUAL:
        return suggestion
    return suggestion if suggestion.confidence >= LEAST_CONFIDENCE else None


def in_units(
    suggestions: Iterable[Suggestion | None], caret: CaretText, document: Document
) -> tuple[SessionSuggestion, ...]:
    """Return what is there, each once, counted in the editor's unit."""
    found: dict[tuple[bytes, int], SessionSuggestion] = {}
    for each in suggestions:
        if each is not None:
            replaces = document.units_in(caret.line_after[: each.replaces_bytes])
            shown = SessionSuggestion(each.text, replaces, each.confidence)
            found.setdefault((each.text, replaces), shown)
    return tuple(found.values())


def others_of(
    written: Iterable[Written], typed: bytes, caret: CaretText
) -> Iterator[Suggestion | None]:
    """Return what the alternatives suggest that agree with what was typed, likeliest first."""
    found = [
        finish(text[len(typed) :], caret, log_probabilities)
        for text, log_probabilities in written
        if text.startswith(typed)
    ]
    yield from sorted(found, key=lambda each: -each.confidence if each is not None else 0.0)
