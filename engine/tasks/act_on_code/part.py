"""Widens a selection to the lines, or the definition, that an action works on."""

from __future__ import annotations

import codecs

import msgspec

from engine.errors import InvalidInput
from engine.languages.languages import Language, language_of, languages
from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import enclosing_definition
from engine.tasks.act_on_code.question import Selection


class Part(msgspec.Struct, frozen=True):
    """Whole lines of a text, the last one's ending included; lines count from 1."""

    start: int
    end: int
    first_line: int
    last_line: int


def language_in(selection: Selection) -> Language:
    """Return the language of a selection. Raises InvalidInput for one that is not known."""
    if not selection.language:
        return language_of(selection.path, selection.text[:256].partition(b"\n")[0])
    known = languages().get(selection.language.lower())
    if known is None:
        raise InvalidInput(f"The engine does not know the language `{selection.language}`.")
    return known


def grammar_path(selection: Selection) -> str:
    """Return a path by which the selection's language is recognised."""
    if not selection.language:
        return selection.path
    extensions = language_in(selection).extensions
    return f"text{extensions[0]}" if extensions else selection.path


def part_of(selection: Selection) -> Part:
    """Return the lines of a selection without blank ones around them.

    A caret means the definition around it, else its line. Raises InvalidInput where there is no
    code.
    """
    text, start, end = selection.text, selection.start, selection.end
    if start == end:
        parsed = parse(grammar_path(selection), text)
        around = None if parsed is None else enclosing_definition(parsed, start)
        if around is not None:
            start, end = around.start, around.end
    elif text[:end].endswith(b"\n"):
        end -= 1  # the line after the last selected one is no part of it
    start = text.rfind(b"\n", 0, start) + 1
    found = text.find(b"\n", max(start, end))
    end = len(text) if found < 0 else found + 1
    if start == 0 and text.startswith(codecs.BOM_UTF8):
        start = len(codecs.BOM_UTF8)
    while text[start:end].strip():
        line_end = text.find(b"\n", start, end) + 1
        if not line_end or text[start:line_end].strip():
            break
        start = line_end
    while (above := text.rfind(b"\n", start, end - 1) + 1) and not text[above:end].strip():
        end = above
    if not text[start:end].strip():
        raise InvalidInput(
            "There is no code where the action is wanted.",
            advice="Select some lines, or put the caret into a function.",
        )
    first = text.count(b"\n", 0, start) + 1
    last = first + text[start:end].rstrip(b"\n").count(b"\n")
    return Part(start, end, first, last)
