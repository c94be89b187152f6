"""A completion's suggestions as they appear in JSON."""

from __future__ import annotations

from collections.abc import Sequence

from command_line.figures import figures_object
from rpc.completion import CompletionFinished
from rpc.completion_session import Suggestions
from rpc.documents import Document, text_of
from rpc.figures import Figures


def completion_object(
    finished: CompletionFinished, document: Document, offset: int
) -> dict[str, object]:
    """Return suggestions and figures; `replaces` counts characters after the caret."""
    found = [(each.text, each.replaces_bytes) for each in finished.suggestions]
    return _object(found, finished.figures, document, offset)


def session_object(found: Suggestions, document: Document, offset: int) -> dict[str, object]:
    """Return a session's suggestions and figures in the same form."""
    suggestions = [(each.text, each.replaces) for each in found.suggestions]
    return _object(suggestions, found.figures, document, offset)


def _object(
    found: Sequence[tuple[bytes, int]], figures: Figures, document: Document, offset: int
) -> dict[str, object]:
    suggestions = [
        {"text": text_of(text), "replaces": document.characters_in(offset, replaced)}
        for text, replaced in found
    ]
    return {"suggestions": suggestions, "figures": figures_object(figures)}
