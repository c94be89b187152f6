"""The arguments of `limpet conversations`."""

from __future__ import annotations

import argparse
from typing import Protocol, TypeAlias

from command_line.argument_types import positive
from command_line.parser import Parser

_Subcommands: TypeAlias = "argparse._SubParsersAction[Parser]"

_DESCRIPTION = "List, search, export and import the conversations that the engine keeps."
_EXAMPLES = (
    "  limpet conversations list\n"
    '  limpet conversations search "retry decorator"\n'
    "  limpet conversations export --output library.json\n"
    "  limpet conversations export 3f2a --markdown\n"
    "  limpet conversations import library.json talk.md"
)
_ID = "the conversation's id, or a beginning of it that no other has"


class AddCommand(Protocol):
    """Adds a command below others, which knows `--json`."""

    def __call__(
        self, commands: _Subcommands, name: str, description: str, module: str, /
    ) -> Parser:
        """Return its parser."""


class AddTopCommand(Protocol):
    """Adds a command of `limpet`."""

    def __call__(self, name: str, description: str, module: str, examples: str, /) -> Parser:
        """Return its parser."""


def add_conversations(add_top: AddTopCommand, add_below: AddCommand) -> None:
    """Add the command and its actions."""
    parser = add_top("conversations", _DESCRIPTION, "conversations", _EXAMPLES)
    parser.set_defaults(action="list", shelf="active", most=50)
    actions = parser.add_subparsers(prog=parser.prog, metavar="ACTION")

    def add(name: str, text: str) -> Parser:
        action = add_below(actions, name, text, "conversations")
        action.set_defaults(action=name)
        return action

    _add_list(add("list", "List conversations: pinned ones first, then the last changed first."))
    show = add("show", "Show the selected branch of a conversation as Markdown.")
    show.add_argument("id", metavar="ID", help=_ID)
    search = add("search", "Find messages and titles that have all the words.")
    search.add_argument("words", nargs="+", metavar="WORD", help="a word or a part of one")
    _add_most(search)
    _add_export(add("export", "Write conversations as a file, all where none is named."))
    importing = add("import", "Take in exported files, and Markdown that says who speaks.")
    importing.add_argument("files", nargs="+", metavar="FILE", help="the file")
    shorten = add("summarise", "Shorten what no longer fits: the beginning of a conversation.")
    shorten.add_argument("id", metavar="ID", help=_ID)
    delete = add("delete", "Delete conversations; they can be brought back for 30 days.")
    delete.add_argument("ids", nargs="+", metavar="ID", help=_ID)
    back = add("undelete", "Bring deleted conversations back.")
    back.add_argument("ids", nargs="+", metavar="ID", help=_ID)
    add("storage", "Show how much is kept, and where.")


def _add_list(parser: Parser) -> None:
    shelves = parser.add_mutually_exclusive_group()
    for name in ("archived", "deleted"):
        shelves.add_argument(
            f"--{name}", action="store_const", dest="shelf", const=name, help=f"the {name} ones"
        )
    parser.set_defaults(shelf="active")
    _add_most(parser)


def _add_most(parser: Parser) -> None:
    parser.add_argument(
        "-n", "--most", type=positive, default=50, metavar="N", help="how many at most"
    )


def _add_export(parser: Parser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help=_ID)
    parser.add_argument(
        "--markdown", action="store_true", help="for reading: the selected branches"
    )
    parser.add_argument(
        "-o", "--output", default="", metavar="FILE", help="a new file instead of standard output"
    )
