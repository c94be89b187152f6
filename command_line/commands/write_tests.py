"""`limpet write-tests`: writes tests for a file's functions and puts them into the project."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.model_offer import can_ask, confirm
from command_line.output import Output
from command_line.test_writing.showing import Told, show, whole_object
from rpc.client import Limpet
from rpc.documents import read_document
from rpc.failures import InvalidRequest, ToolUnavailable
from rpc.test_placing import put_in_place
from rpc.test_writing import Framework, WritingFinished, WritingWish
from rpc.visible_text import visible

_QUESTION = "Writing tests runs this project's code in a sandbox. Run it?"
_OPEN_QUESTION = "Writing tests runs this project's code WITHOUT a sandbox. Run it?"
_TO_STANDARD_OUTPUT = "-"


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Write tests; exit code 1 where the code contradicts what it should do."""
    wish = _wish(arguments)
    told = Told()
    with connect(output) as engine:
        try:
            _write(engine, wish, told, output)
        except InvalidRequest as failure:
            if failure.reason != "CONSENT_NEEDED":
                raise
            question = _OPEN_QUESTION if wish.without_sandbox else _QUESTION
            if not can_ask():
                raise InvalidRequest(
                    failure.message,
                    advice="Add `--allow-running` if it may be run in the sandbox.",
                    reason=failure.reason,
                ) from failure
            if not confirm(question, output):
                return ExitCode.BAD_INPUT
            told = Told()
            _write(engine, _consenting(wish), told, output)
        except ToolUnavailable as failure:
            if failure.reason != "SANDBOX_UNAVAILABLE":
                raise
            advice = f"{failure.advice} With `--no-sandbox` the code is run without protection."
            raise ToolUnavailable(
                failure.message, advice=advice.strip(), reason=failure.reason
            ) from failure
    return _finish(told, arguments, output)


def _wish(arguments: argparse.Namespace) -> WritingWish:
    name, _, function = arguments.place.partition("::")
    document = read_document(Path(name))
    path = Path(name).resolve()
    to_file = arguments.output not in {"", _TO_STANDARD_OUTPUT}
    project = str(Path(arguments.project).resolve()) if arguments.project else ""
    return WritingWish(
        path=str(path),
        text=document.text,
        name=function.replace("::", "."),
        framework=Framework(arguments.framework or "unspecified"),
        project_folder=project,
        consents_to_run=arguments.allow_running,
        without_sandbox=arguments.no_sandbox,
        output_path=str(Path(arguments.output).absolute()) if to_file else "",
        model=arguments.model,
        most_tests=arguments.most_tests,
        seed=arguments.seed,
    )


def _consenting(wish: WritingWish) -> WritingWish:
    return msgspec.structs.replace(wish, consents_to_run=True)


def _write(engine: Limpet, wish: WritingWish, told: Told, output: Output) -> None:
    with engine.test_writing.write_tests(wish) as stream:
        for event in stream:
            told.take(event)
            if not output.json_wanted:
                show(event, output)


def _finish(told: Told, arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Put the file in its place, and say what has come of it."""
    end = told.finished
    written = ""
    is_told_only = arguments.output == _TO_STANDARD_OUTPUT
    if end is not None and end.text and not is_told_only:
        written = str(put_in_place(end))
    if output.json_wanted:
        output.object(whole_object(told, written))
    elif end is not None:
        if is_told_only:
            output.raw(end.text)
        _sum_up(end, written, output)
    return ExitCode.FINDINGS if told.findings else ExitCode.DONE


def _sum_up(end: WritingFinished, written: str, output: Output) -> None:
    tests = f"{end.tests} test{'s' * (end.tests != 1)}"
    where = f" written to {visible(written)}" if written else ""
    if not end.tests:
        output.notice("No new tests: nothing that was tried adds to what is there.")
    else:
        output.notice(f"{tests}{where}.")
    output.notice(
        f"They run {end.covered_lines} of {end.lines} lines and notice "
        f"{end.killed_mutants} of {end.mutants} mutants; {end.seconds:.0f} s."
    )
