"""Asks for a completion of a document, and once more when the engine died on the way."""

from __future__ import annotations

import msgspec

from command_line.output import Output
from rpc.client import Limpet
from rpc.completion import CompletionFinished
from rpc.documents import Document
from rpc.extent import Extent
from rpc.failures import AnswerInterrupted, EngineGone


class CompletionOptions(msgspec.Struct, frozen=True):
    """What holds for every completion of a command."""

    model: str = ""
    max_tokens: int = 0
    extent: Extent = Extent.UNSPECIFIED
    project_folder: str = ""


def complete_document(
    engine: Limpet,
    document: Document,
    offset: int,
    options: CompletionOptions,
    output: Output,
) -> CompletionFinished:
    """Return the completion at a byte offset. Raises a Failure."""
    stream = engine.completion.complete(
        document.path,
        document.text,
        offset,
        model=options.model,
        max_tokens=options.max_tokens,
        extent=options.extent,
    )
    try:
        return stream.result()
    except (EngineGone, AnswerInterrupted) as failure:
        output.notice(f"{failure.message} Asking once more.")
        return stream.again().result()
