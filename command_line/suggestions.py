"""A completion's suggestions as they appear in JSON."""

from __future__ import annotations

from command_line.figures import figures_object
from rpc.completion import CompletionFinished
from rpc.documents import Document, text_of


def completion_object(
    finished: CompletionFinished, document: Document, offset: int
) -> dict[str, object]:
    """Return suggestions and figures; `replaces` counts characters after the caret."""
    suggestions = [
        {
            "text": text_of(suggestion.text),
            "replaces": document.characters_in(offset, suggestion.replaces_bytes),
        }
        for suggestion in finished.suggestions
    ]
    return {"suggestions": suggestions, "figures": figures_object(finished.figures)}
