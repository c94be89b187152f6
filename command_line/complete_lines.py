"""`limpet complete --jsonl`: one request per line in, one answer per line out, in order."""

from __future__ import annotations

import json
import sys

import msgspec

from command_line.completing import CompletionOptions
from command_line.connecting import connect
from command_line.editing_files import EditingFiles
from command_line.exit_codes import ExitCode
from command_line.output import Output, failure_object
from command_line.suggestions import session_object
from rpc.documents import document_of_text
from rpc.failures import Failure, InvalidRequest


class LineRequest(msgspec.Struct, frozen=True):
    """A line of input: complete `text` at `line` and `column`, both from 1, in characters."""

    path: str
    text: str
    line: int
    column: int


def complete_lines(options: CompletionOptions, output: Output) -> ExitCode:
    """Answer each line of standard input; a bad one is answered with an error.

    Raises a Failure where no engine can be had at all.
    """
    if sys.stdin is None:
        return ExitCode.DONE
    with connect(output) as engine:
        files = EditingFiles(engine, options)
        try:
            for line in sys.stdin.buffer:
                if line.strip():
                    output.object(_answer(line, files))
        finally:
            files.close()
    return ExitCode.DONE


def _answer(line: bytes, files: EditingFiles) -> dict[str, object]:
    identity: object = None
    try:
        record = _decoded(line)
        identity = record.get("id")
        request = _request(record)
        document = document_of_text(request.path, request.text)
        offset = document.offset_of(request.line, request.column)
        found = files.suggestions(document, offset)
        return {"id": identity, **session_object(found, document, offset)}
    except Failure as failure:
        error = failure_object(failure.message, failure.advice, failure.reason)
        return {"id": identity, "error": error}


def _decoded(line: bytes) -> dict[str, object]:
    """Return the line's object. The json module, because it keeps lone surrogates."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"The line is not JSON: {error}.") from None
    if not isinstance(record, dict):
        raise InvalidRequest("The line is not a JSON object.")
    return record


def _request(record: dict[str, object]) -> LineRequest:
    try:
        return msgspec.convert(record, LineRequest)
    except msgspec.ValidationError as error:
        raise InvalidRequest(
            f"The request cannot be understood: {error}.",
            advice='Each line is {"id", "path", "text", "line", "column"}.',
        ) from None
