"""`limpet edit`: lines of a file are changed as the user says, and shown as a diff."""

from __future__ import annotations

import argparse

from command_line.acting.selecting import instruction_of, selection_at
from command_line.acting.showing import edit_object, show_diff
from command_line.attachments import attach_file
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.figures import figures_line
from command_line.loading import tell_of_loading
from command_line.output import Output
from command_line.parser import UsageProblem
from rpc.actions import EditFinished, EditRetried, EditWish
from rpc.client import Limpet
from rpc.edit_placing import put_edit_in_place
from rpc.failures import InternalFailure
from rpc.visible_text import visible

_FREE = "edit"


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Ask for the edit, show it, and write it where that is wanted."""
    instruction = instruction_of(arguments.words)
    if arguments.action == _FREE and not instruction:
        raise UsageProblem(
            "There is no instruction.", 'usage: limpet edit PATH[:FROM-TO] "INSTRUCTION"'
        )
    document, selection = selection_at(arguments.place)
    test = attach_file(arguments.failing_test).content if arguments.failing_test else b""
    wish = EditWish(
        selection,
        action=arguments.action,
        instruction=instruction,
        error_text=instruction_of([arguments.error]),
        failing_test=test,
        model=arguments.model,
    )
    with connect(output) as engine:
        tell_of_loading(engine, arguments.model, output)
        end = _edited(engine, wish, output)
    is_applied = arguments.apply and end.changes
    if is_applied:
        put_edit_in_place(document, end)
    if output.json_wanted:
        output.object(edit_object(end, document.path, arguments.action, is_applied))
        return ExitCode.DONE
    show_diff(end.unified_diff, output)
    if not end.changes:
        output.notice("Nothing was changed: the model gave the same code again.")
    elif is_applied:
        output.notice(f"Written to {visible(document.path)}.")
    if output.is_terminal and output.diagnostics_are_terminal:
        output.notice(output.dim(figures_line(end.figures)))
    return ExitCode.DONE


def _edited(engine: Limpet, wish: EditWish, output: Output) -> EditFinished:
    with engine.actions.edit(wish) as stream:
        for event in stream:
            match event:
                case EditRetried():
                    output.notice(f"{visible(event.reason)} Asking once more.")
                case EditFinished():
                    return event
    raise InternalFailure("The engine ended an edit without its end.")
