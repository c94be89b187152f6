"""The arguments of `limpet` and the module that runs each command."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from command_line.acting.arguments import add_actions
from command_line.argument_types import positive, seed, temperature
from command_line.conversing.arguments import add_conversations
from command_line.parser import Parser, UsageProblem
from command_line.reviewing.arguments import REVIEW_DESCRIPTION, REVIEW_EXAMPLES, add_review
from command_line.test_writing.arguments import (
    WRITE_TESTS_DESCRIPTION,
    WRITE_TESTS_EXAMPLES,
    add_write_tests,
)

__all__ = ["UsageProblem", "build_parser"]

_Subcommands: TypeAlias = "argparse._SubParsersAction[Parser]"

_EPILOG = """\
commands
  (none), chat      talk with the model in the terminal
  ask               one question, one answer; reads a pipe
  complete          complete code at a place in a file
  edit              change lines of a file, shown as a diff
  explain           explain lines of a file, or review them
  review            find defects in files; exit code 1 where there are some
  write-tests       write tests for functions; runs the code in a sandbox
  models            list, download, import, verify and remove models
  conversations     list, search, export and import what was said
  engine            start, stop and watch the engine
  desktop           open the window
  doctor            check this machine and say what to do
  demo              a real completion and a real answer on a sample file
  version           versions of command line and engine

examples
  limpet ask "What does this do?" -f src/app.py:10-40
  git diff | limpet ask "Write a commit message."
  limpet complete src/app.py:12:5
  limpet review src --changed

exit codes: 0 done, 1 defects found, 2 bad input or usage, 3 engine or model unavailable,
130 interrupted.
Settings, models and logs follow the XDG directories; `limpet doctor` names them.
"""


def build_parser() -> Parser:
    """Return the parser; every command sets `run` to the module that has its `run` function."""
    parser = Parser(
        prog="limpet",
        usage="limpet [COMMAND] [OPTION]...",
        description="A code assistant that clings to your machine.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    parser.set_defaults(run="command_line.commands.chat", model="", file=[], json=False)
    parser.set_defaults(kept=True, go_on=None)
    commands = parser.add_subparsers(prog="limpet", metavar="COMMAND", help=argparse.SUPPRESS)
    _add_chat(commands)
    _add_ask(commands)
    _add_complete(commands)
    add_actions(lambda *words: _add_command(commands, *words))
    add_review(_add_command(commands, "review", REVIEW_DESCRIPTION, "review", REVIEW_EXAMPLES))
    add_write_tests(
        _add_command(
            commands,
            "write-tests",
            WRITE_TESTS_DESCRIPTION,
            "write_tests",
            WRITE_TESTS_EXAMPLES,
        )
    )
    _add_models(commands)
    add_conversations(lambda *words: _add_command(commands, *words), _add_command)
    _add_engine(commands)
    _add_desktop(commands)
    _add_command(commands, "doctor", "Check this machine and say what to do.", "doctor")
    _add_command(
        commands,
        "demo",
        "Show a real completion, a real answer and the engine's figures on a sample file.\n"
        "Downloads the default model where it is missing.",
        "demo",
    )
    _add_command(commands, "version", "Show the versions of command line and engine.", "version")
    return parser


def _add_command(
    commands: _Subcommands, name: str, description: str, module: str, examples: str = ""
) -> Parser:
    """Add a command that knows `--json`, and return its parser."""
    parser = commands.add_parser(
        name,
        help=description.partition("\n")[0],
        description=description,
        epilog=f"examples\n{examples}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    # No default of its own: `limpet models --json list` must not be undone by `list`.
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object"
    )
    parser.set_defaults(run=f"command_line.commands.{module}")
    return parser


def _add_model(parser: Parser) -> None:
    parser.add_argument(
        "-m", "--model", default="", metavar="NAME", help="the model (see `limpet models list`)"
    )


def _add_files(parser: Parser) -> None:
    parser.add_argument(
        "-f",
        "--file",
        action="append",
        default=[],
        metavar="PATH[:FROM-TO]",
        help="attach a file or some of its lines; may be repeated",
    )


def _add_sampling(parser: Parser) -> None:
    parser.add_argument(
        "--max-tokens", type=positive, default=0, metavar="N", help="the longest answer, in tokens"
    )
    parser.add_argument(
        "--temperature",
        type=temperature,
        metavar="T",
        help="randomness from 0 (always the likeliest) to 2",
    )
    parser.add_argument(
        "--seed", type=seed, default=0, metavar="N", help="the same seed gives the same answer"
    )
    parser.add_argument(
        "--language",
        choices=("en", "zh"),
        default="en",
        help="language of the engine's instructions to the model",
    )


def _add_chat(commands: _Subcommands) -> None:
    parser = commands.add_parser(
        "chat",
        help="Talk with the model in the terminal.",
        description="Talk with the model in the terminal. Type /help there.",
        allow_abbrev=False,
    )
    _add_model(parser)
    _add_files(parser)
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument(
        "--continue",
        dest="go_on",
        nargs="?",
        const="",
        metavar="ID",
        help="go on with a kept conversation; alone: with the one that changed last",
    )
    kept.add_argument(
        "--no-keep", dest="kept", action="store_false", help="forget all of it at the end"
    )
    parser.set_defaults(run="command_line.commands.chat", json=False)


def _add_ask(commands: _Subcommands) -> None:
    parser = _add_command(
        commands,
        "ask",
        "Ask one question. The answer streams to standard output.\n"
        "A pipe on standard input is attached as context; without a question it is the question.",
        "ask",
        '  limpet ask "What is a monad?"\n'
        '  limpet ask "Why does this fail?" -f src/app.py:10-40 -f tests/test_app.py\n'
        '  git diff | limpet ask "Write a commit message."\n'
        '  limpet ask --json "Say hi." < /dev/null',
    )
    parser.add_argument("question", nargs="*", metavar="QUESTION", help="the question")
    _add_files(parser)
    _add_model(parser)
    _add_sampling(parser)


def _add_complete(commands: _Subcommands) -> None:
    parser = _add_command(
        commands,
        "complete",
        "Complete code at a place in a file and print the suggested text only.\n"
        "Lines and columns count from 1; columns count characters.",
        "complete",
        "  limpet complete src/app.py:12:5\n"
        "  limpet complete --jsonl < requests.jsonl > answers.jsonl\n\n"
        'with --jsonl each line is {"id", "path", "text", "line", "column"} and is answered by\n'
        'a line {"id", "suggestions": [{"text", "replaces"}], "figures"}, in order',
    )
    parser.add_argument("place", nargs="?", metavar="PATH:LINE:COLUMN", help="the caret")
    parser.add_argument(
        "--jsonl", action="store_true", help="answer requests from standard input, line by line"
    )
    parser.add_argument(
        "--project", default="", metavar="FOLDER", help="the project that the files belong to"
    )
    _add_model(parser)
    parser.add_argument(
        "--max-tokens", type=positive, default=0, metavar="N", help="the longest suggestion"
    )
    parser.add_argument(
        "--extent",
        choices=("automatic", "line", "block"),
        default="automatic",
        help="how far the suggestion may go",
    )


def _add_desktop(commands: _Subcommands) -> None:
    text = "Open the window, or show the one that is open."
    parser = commands.add_parser("desktop", help=text, description=text, allow_abbrev=False)
    parser.add_argument("place", nargs="?", default="", metavar="FILE[:LINE]", help="to ask about")
    parser.add_argument("--install-shortcut", action="store_true", help="add it to the menu")
    parser.set_defaults(run="command_line.commands.desktop", json=False)


def _add_models(commands: _Subcommands) -> None:
    description = "List and manage the models of this machine."
    parser = _add_command(commands, "models", description, "models")
    parser.set_defaults(action="list")
    actions = parser.add_subparsers(prog=parser.prog, metavar="ACTION")

    def add(name: str, text: str, argument: str = "", words: str = "") -> Parser:
        action = _add_command(actions, name, text, "models")
        if argument:
            action.add_argument("name", metavar=argument, help=words)
        action.set_defaults(action=name)
        return action

    name_help = "a model's name, a unique beginning of it, or `default`"
    add("list", "List the catalogue and the imported models.")
    add("show", "Show everything known of a model.", "NAME", name_help)
    download = add("download", "Fetch a model; goes on where it broke off.", "NAME", name_help)
    download.add_argument(
        "-y", "--yes", action="store_true", help="accept the licence without being asked"
    )
    importing = add("import", "Take a GGUF file into the store.", "FILE", "the file")
    importing.add_argument("--as", dest="given_name", default="", metavar="NAME", help="its name")
    add("verify", "Check a model's file against its digest.", "NAME", name_help)
    remove = add("remove", "Delete a model's file.", "NAME", "the model's name in full")
    remove.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _add_engine(commands: _Subcommands) -> None:
    parser = _add_command(commands, "engine", "Start, stop and watch the engine.", "engine")
    parser.set_defaults(action="status")
    actions = parser.add_subparsers(prog=parser.prog, metavar="ACTION")
    texts = {
        "start": "Start the engine where it is not running.",
        "stop": "Stop the engine; running answers get ten seconds.",
        "restart": "Stop and start the engine.",
        "status": "Show what the engine does. Exit code 3 where it is not running.",
        "logs": "Show the end of the engine's log.",
        "forget": "Delete what was read of a project's files and kept on the disk.",
    }
    for name, text in texts.items():
        action = _add_command(actions, name, text, "engine")
        action.set_defaults(action=name)
        if name == "forget":
            whose = action.add_mutually_exclusive_group(required=True)
            whose.add_argument("project", nargs="?", metavar="PROJECT", help="the project's folder")
            whose.add_argument("--all", action="store_true", help="of all projects")
        if name == "logs":
            action.add_argument("-f", "--follow", action="store_true", help="go on as it grows")
            action.add_argument(
                "-n", "--lines", type=positive, default=50, metavar="N", help="how many lines"
            )
