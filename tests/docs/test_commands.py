"""Every command that the documentation names is one that the program understands, and all are."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator

import pytest

from command_line.arguments import build_parser
from command_line.parser import Parser, UsageProblem
from engine.__main__ import _parser as engine_parser
from tests.architecture.tracked_files import read, tracked_files
from tests.docs.documents import Document, document, documents

# What may stand around a command in a shell.
CUT = re.compile(r"\s(?:\||<|>|&&|#)\s.*")
OPTIONAL = re.compile(r"\s\[[^\]]*\](\.\.\.)?")


def leaves(parser: Parser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Parser]]:
    """Yield every command that has no further ones below it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield from leaves(child, (*words, name))
            return
    yield " ".join(words), parser


LEAVES = dict(leaves(build_parser()))


def commands_in(source: Document) -> Iterator[str]:
    lines = [line for block in source.blocks("console") for line in block.splitlines()]
    typed = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    for text in typed + source.spans():
        for part in re.split(r"\s\|\s", text):
            if re.match(r"(\.venv/bin/)?limpet\s", part) and "COMMAND" not in part:
                yield OPTIONAL.sub("", CUT.sub("", part))


@pytest.mark.parametrize("source", documents(), ids=lambda source: source.path)
def test_named_commands_are_understood(source: Document) -> None:
    parser = build_parser()
    refused = []
    for command in commands_in(source):
        words = shlex.split(command)[1:]
        if " ".join(words) in LEAVES:
            continue  # the command itself is spoken of
        try:
            parser.parse_args(words)
        except UsageProblem as problem:
            refused.append(f"{command}: {problem.message}")
    assert refused == []


def test_advice_of_the_program_can_be_followed() -> None:
    """Whoever does what a failure advises must not get an error for it."""
    refused = []
    for name in tracked_files("engine/*.py", "rpc/*.py", "command_line/*.py"):
        for command in re.findall(r"[Rr]un `(limpet [^`]*)`", read(name)):
            words = shlex.split(re.sub(r"\{[^}]*\}", "NAME", command))[1:]
            try:
                build_parser().parse_args(words)
            except UsageProblem as problem:
                refused.append(f"{name}: {command}: {problem.message}")
    assert refused == []


def test_a_wrong_command_would_be_found() -> None:
    wrong = Document("wrong.md", "Run `limpet teleport --now`.\n")
    (command,) = commands_in(wrong)
    with pytest.raises(UsageProblem):
        build_parser().parse_args(shlex.split(command)[1:])


PAGE = document("docs/command-line.md")


def test_the_parser_was_walked() -> None:
    assert {"ask", "models import", "engine logs"} <= set(LEAVES)


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_has_its_row_with_all_options(name: str) -> None:
    rows = [row for row in PAGE.rows() if re.match(rf"`limpet {name}(`|\s)", row[0])]
    assert rows, f"`limpet {name}` is not in the table of docs/command-line.md"
    told = " ".join(cell for row in rows for cell in row[:2])
    actions = [each for each in LEAVES[name]._actions if each.option_strings]
    for action in actions:
        if action.dest != "help":
            # The short form where there is one; the long ones are listed under the table.
            assert re.search(rf"`?{action.option_strings[0]}\b", told), (name, action.dest)


def test_every_long_option_is_named() -> None:
    for parser in LEAVES.values():
        for action in parser._actions:
            for option in action.option_strings:
                assert f"`{option}" in PAGE.text or f" {option}`" in PAGE.text, option


def test_the_readme_names_every_command() -> None:
    top = {name.split()[0] for name in LEAVES}
    shown = {
        span.split()[1] for span in document("README.md").spans() if span.startswith("limpet ")
    }
    assert top - shown == set()


def test_every_option_of_the_engines_program_is_named() -> None:
    options = [option for each in engine_parser()._actions for option in each.option_strings]
    assert "--listen" in options
    for option in options:
        assert re.search(rf"`(limpet-engine )?{option}[ `]", PAGE.text) or option == "-h", option
