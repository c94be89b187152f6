"""`limpet explain`: lines of a file are explained or reviewed, in Markdown."""

from __future__ import annotations

import argparse

from command_line.acting.selecting import instruction_of, selection_at
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.figures import figures_line, figures_object
from command_line.loading import tell_of_loading
from command_line.output import Output
from command_line.plain_answer import CollectedAnswer, PlainAnswer
from rpc.actions import TalkFinished, TalkPiece, TalkStream, TalkWish
from rpc.documents import text_of
from rpc.failures import InternalFailure


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Ask, and write the answer as it comes."""
    document, selection = selection_at(arguments.place)
    wish = TalkWish(
        selection,
        action=arguments.action,
        instruction=instruction_of(arguments.words),
        error_text=instruction_of([arguments.error]),
        answer_language=arguments.language,
        model=arguments.model,
    )
    reader = CollectedAnswer(output) if output.json_wanted else PlainAnswer(output)
    with connect(output) as engine:
        tell_of_loading(engine, arguments.model, output)
        with engine.actions.talk(wish) as stream:
            end = _received(stream, reader)
        reader.end()
    if output.json_wanted:
        output.object(
            {
                "path": document.path,
                "action": arguments.action,
                "answer": text_of(bytes(reader.content)),
                "is_cut": end.is_cut,
                "figures": figures_object(end.figures),
            }
        )
    elif output.is_terminal and output.diagnostics_are_terminal:
        output.notice(output.dim(figures_line(end.figures)))
    if end.is_cut:
        output.notice("The answer was cut at its longest length.")
    return ExitCode.DONE


def _received(stream: TalkStream, reader: CollectedAnswer) -> TalkFinished:
    for event in stream:
        match event:
            case TalkPiece():
                reader.text(event.text.encode())
            case TalkFinished():
                return event
    raise InternalFailure("The engine ended an answer without its end.")
