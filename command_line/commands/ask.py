"""`limpet ask`: one question, one answer that streams to standard output."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from command_line.answering import END_NOTES, receive_answer
from command_line.arguments import UsageProblem
from command_line.attachments import attach_bytes, attach_file
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.figures import figures_line, figures_object
from command_line.loading import tell_of_loading
from command_line.output import Output
from command_line.plain_answer import CollectedAnswer, PlainAnswer
from command_line.standard_input import STANDARD_INPUT, read_piped
from rpc.chat import AnswerEnd, AnswerFinished, Attachment, Speaker, Turn
from rpc.documents import document_of_bytes, text_of


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Ask the question of the arguments or of the pipe."""
    question, attachments = _question(arguments, output)
    reader = CollectedAnswer(output) if output.json_wanted else PlainAnswer(output)
    with connect(output) as engine:
        tell_of_loading(engine, arguments.model, output)
        stream = engine.chat.ask(
            [Turn(Speaker.USER, question)],
            attachments,
            model=arguments.model,
            max_tokens=arguments.max_tokens,
            temperature=arguments.temperature,
            seed=arguments.seed,
            language=arguments.language,
        )
        finished = receive_answer(stream, reader)
        reader.end()
    _conclude(finished, reader, output)
    return ExitCode.DONE


def _question(arguments: argparse.Namespace, output: Output) -> tuple[bytes, Sequence[Attachment]]:
    """Return the question and what it is about. Raises UsageProblem, DocumentProblem."""
    attachments = [attach_file(place) for place in arguments.file]
    # Bytes that are no UTF-8 arrive in arguments as lone surrogates and leave as they were.
    question = os.fsencode(" ".join(arguments.question)).strip()
    piped = read_piped(output)
    if piped.strip() and question:
        attachments.append(attach_bytes(STANDARD_INPUT, piped))
    elif piped.strip():
        question = document_of_bytes(STANDARD_INPUT, piped).text.strip()
    if not question:
        raise UsageProblem(
            "There is no question.", 'usage: limpet ask "QUESTION" [-f PATH[:FROM-TO]]...'
        )
    return question, attachments


def _conclude(finished: AnswerFinished, reader: CollectedAnswer, output: Output) -> None:
    if output.json_wanted:
        output.object(
            {
                "answer": text_of(bytes(reader.content)),
                "end": finished.end.value,
                "figures": figures_object(finished.figures),
                "dropped_turns": reader.dropped_turns,
            }
        )
    elif output.is_terminal and output.diagnostics_are_terminal:
        output.notice(output.dim(figures_line(finished.figures)))
    if finished.end in END_NOTES:
        advice = " `--max-tokens` allows more." if finished.end is AnswerEnd.LENGTH else ""
        output.notice(END_NOTES[finished.end] + advice)
