"""`limpet` and `limpet chat`: talk with the model in the terminal."""

from __future__ import annotations

import argparse
import sys

from command_line.attachments import attach_file
from command_line.chat.conversation import Conversation
from command_line.chat.history_file import open_history
from command_line.chat.prompt import build_prompt
from command_line.chat.session import ChatSession
from command_line.chat.slash_commands import SlashCommands
from command_line.connecting import connect
from command_line.exit_codes import ExitCode
from command_line.model_offer import ensure_model
from command_line.output import Output
from rpc.failures import InvalidRequest, ModelUnavailable
from rpc.visible_text import visible


def run(arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Talk until the user leaves."""
    if sys.stdin is None or not (sys.stdin.isatty() and output.is_terminal):
        raise InvalidRequest(
            "The chat needs a terminal.",
            advice='Ask one question with `limpet ask "QUESTION"`; a pipe becomes its context.',
            reason="NO_TERMINAL",
        )
    conversation = Conversation([attach_file(place) for place in arguments.file])
    with connect(output) as engine:
        name = arguments.model or "default"
        card = ensure_model(engine, name, output, ask_always=True)
        if card is None:
            raise ModelUnavailable(
                "Without a model there are no answers.",
                advice=f"`limpet models download {name}` fetches it later.",
                reason="MODEL_NOT_INSTALLED",
            )
        output.line(output.bold("Limpet") + output.dim(f" · {visible(card.title)} · /help"))
        commands = SlashCommands(engine, conversation, output, arguments.model)
        prompt = build_prompt(open_history(output), commands.names)
        ChatSession(engine, conversation, commands, prompt, output).run()
    return ExitCode.DONE
