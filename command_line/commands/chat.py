"""`limpet` and `limpet chat`: talk with the model in the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from command_line.attachments import attach_file
from command_line.chat.answer_markdown import Block
from command_line.chat.conversation import Conversation
from command_line.chat.history_file import open_history
from command_line.chat.kept_conversation import KeptConversation
from command_line.chat.prompt import build_prompt
from command_line.chat.session import ChatSession
from command_line.chat.slash_commands import SlashCommands
from command_line.chat.talk import Talk
from command_line.connecting import connect
from command_line.conversing.finding import conversations_of, id_of
from command_line.exit_codes import ExitCode
from command_line.model_offer import ensure_model
from command_line.output import Output
from rpc.chat import Attachment, Speaker
from rpc.client import Limpet
from rpc.conversation_records import Shelf
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
    attachments = [attach_file(place) for place in arguments.file]
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
        conversation = _conversation(arguments, engine, attachments)
        commands = SlashCommands(engine, conversation, output, arguments.model)
        prompt = build_prompt(open_history(output), commands.names)
        ChatSession(engine, conversation, commands, prompt, output).run()
    return ExitCode.DONE


def _conversation(
    arguments: argparse.Namespace, engine: Limpet, attachments: Sequence[Attachment]
) -> Talk:
    """Return a new conversation, kept or not, or the one that is to go on, whose end is shown."""
    if not arguments.kept:
        return Conversation(engine, attachments)
    if arguments.go_on is None:
        return KeptConversation(engine, attachments)
    name = id_of(engine, arguments.go_on) if arguments.go_on else _last_changed(engine)
    window = engine.conversations.window(name, size=2)
    if window.conversation.deleted_ms:
        raise InvalidRequest(
            "The conversation is deleted.",
            advice=f"`limpet conversations undelete {name}` brings it back.",
        )
    console = Console(highlight=False)
    console.print(Text(visible(window.conversation.title), style="bold"))
    for message in window.messages:
        if message.author is Speaker.USER:
            console.print(Text(f"› {visible(message.text)}", style="dim"))
        else:
            console.print(Block(visible(message.text)))
    return KeptConversation(engine, attachments, name)


def _last_changed(engine: Limpet) -> str:
    last = max(
        conversations_of(engine, Shelf.ACTIVE), key=lambda each: each.updated_ms, default=None
    )
    if last is None:
        raise InvalidRequest("There is no conversation to go on with.")
    return last.id
