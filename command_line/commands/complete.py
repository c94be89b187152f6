"""`limpet complete`: suggests code at a place in a file, or answers requests line by line."""

from __future__ import annotations

import argparse
from pathlib import Path

from command_line.arguments import UsageProblem
from command_line.complete_lines import complete_lines
from command_line.completing import CompletionOptions, complete_document
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.loading import tell_of_loading
from command_line.output import Output
from command_line.suggestions import completion_object
from rpc.documents import read_document
from rpc.extent import Extent
from rpc.locations import parse_caret
from rpc.visible_text import decoded, visible

_EXTENTS = {"automatic": Extent.UNSPECIFIED, "line": Extent.LINE, "block": Extent.BLOCK}
_USAGE = (
    "usage: limpet complete PATH:LINE:COLUMN [--json]\n"
    "       limpet complete --jsonl [--project FOLDER]"
)


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Complete at one place, or with `--jsonl` at each that standard input names."""
    if bool(arguments.place) == arguments.jsonl:
        raise UsageProblem("Give either PATH:LINE:COLUMN or --jsonl.", _USAGE)
    if arguments.jsonl and output.json_wanted:
        raise UsageProblem("--jsonl answers line by line; --json is one object.", _USAGE)
    if arguments.project and not arguments.jsonl:
        raise UsageProblem("--project goes with --jsonl.", _USAGE)
    options = CompletionOptions(
        arguments.model,
        arguments.max_tokens,
        _EXTENTS[arguments.extent],
        _project_folder(arguments.project),
    )
    if arguments.jsonl:
        return complete_lines(options, output)
    return _complete_at(arguments.place, options, output)


def _project_folder(named: str) -> str:
    """Return a folder's whole path, as the engine knows it. Raises UsageProblem."""
    if not named:
        return ""
    folder = Path(named)
    if not folder.is_dir():
        raise UsageProblem(f"{named} is no folder.", _USAGE)
    return str(folder.resolve())


def _complete_at(place: str, options: CompletionOptions, output: Output) -> ExitCode:
    location = parse_caret(place)
    document = read_document(location.path)
    offset = document.offset_of(location.line, location.column)
    with connect(output) as engine:
        tell_of_loading(engine, options.model, output)
        finished = complete_document(engine, document, offset, options, output)
    if output.json_wanted:
        output.object(completion_object(finished, document, offset))
    elif not finished.suggestions:
        output.notice("The model has nothing to suggest here.")
    elif output.is_terminal:
        output.line(visible(decoded(finished.suggestions[0].text)))
    else:
        # Another program reads it: exactly the text to insert.
        output.raw(finished.suggestions[0].text)
    return ExitCode.DONE
