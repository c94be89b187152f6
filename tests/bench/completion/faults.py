"""Looks for what a suggestion must never do: repeat what follows, or break a file that parses."""

from __future__ import annotations

import ast
import warnings

from tests.bench.completion.editor_text import EditorText
from tests.bench.completion.keystrokes import Answer, Fault

_SHOWN_CHARACTERS = 240
_CLOSERS = ")]}"
_PARTNERS = {")": "(", "]": "[", "}": "{"}
# What a line that opens a block may still need below it.
_CONTINUATIONS = ("", "{deeper}pass", "{deeper}pass\n{same}finally: pass")
# A comment may be the first line of a block, whose statements are still to come.
_BELOW_A_COMMENT = ("", "{same}pass")


def find_faults(view: EditorText, answer: Answer, expected: str) -> tuple[bool, list[Fault]]:
    """Return whether parsing could be checked, and the faults of a suggestion.

    `expected` is what the typist goes on to write: what is right is no fault, whatever it repeats.
    """
    found: list[Fault] = []
    if not expected.startswith(answer.text) and _repeats_what_follows(view, answer):
        found.append(_fault("duplicate", view, answer))
    if not view.path.endswith(".py") or not _is_sound_without_line(view):
        return False, found
    if not _parses_with(view, answer):
        found.append(_fault("does not parse", view, answer))
    return True, found


def is_right(answer: Answer, expected: str, rest_of_line: str) -> bool:
    """Whether a suggestion is what the typist is about to write, brackets ahead included."""
    if not answer.text.strip() or not expected.startswith(answer.text):
        return False
    left = rest_of_line[answer.replaces :]
    return not left.strip() or open_closers(expected[len(answer.text) :]).startswith(left.strip())


def open_closers(text: str) -> str:
    """Return the closing brackets of a text that it does not open itself."""
    depth: list[str] = []
    found = ""
    for sign in text:
        if sign in "([{":
            depth.append(sign)
        elif sign in _CLOSERS:
            if depth and depth[-1] == _PARTNERS[sign]:
                depth.pop()
            elif not depth:
                found += sign
    return found


def _repeats_what_follows(view: EditorText, answer: Answer) -> bool:
    rest = view.line_after[answer.replaces :].strip()
    last_line = answer.text.rpartition("\n")[2]
    if len(rest) > 1 and last_line.rstrip().endswith(rest):
        return True
    below = view.text[view.caret + answer.replaces :].partition("\n")[2].split("\n")
    next_line = next((line for line in below if line.strip()), "")
    whole = last_line if "\n" in answer.text else view.line_before + answer.text
    whole += view.line_after[answer.replaces :]
    return len(next_line.strip()) > 2 and whole.rstrip() == next_line.rstrip()


def _is_sound_without_line(view: EditorText) -> bool:
    """Whether the file parses with an empty statement in the place of the caret's line."""
    start = view.caret - len(view.line_before)
    end = view.caret + len(view.line_after)
    indentation = view.line_before[: len(view.line_before) - len(view.line_before.lstrip())]
    return _parses(f"{view.text[:start]}{indentation}pass{view.text[end:]}")


def _parses_with(view: EditorText, answer: Answer) -> bool:
    """Whether the file parses with a suggestion, if need be with the body of an open block."""
    head = view.text[: view.caret] + answer.text
    last_line = head.rpartition("\n")[2]
    same = last_line[: len(last_line) - len(last_line.lstrip())]
    rest, end, below = view.text[view.caret + answer.replaces :].partition("\n")
    continuations: tuple[str, ...] = _CONTINUATIONS[:1]
    if (last_line + rest).rstrip().endswith(":"):
        continuations = _CONTINUATIONS
    elif last_line.lstrip().startswith("#"):
        continuations = _BELOW_A_COMMENT
    for continuation in continuations:
        body = continuation.format(deeper=f"{same}    ", same=same)
        if _parses(f"{head}{rest}\n{body}{end}{below}"):
            return True
    return False


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old escapes in strings are none of our business
            ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _fault(kind: str, view: EditorText, answer: Answer) -> Fault:
    return Fault(
        kind="duplicate" if kind == "duplicate" else "does not parse",
        file=view.path,
        line=view.line_number + 1,
        before=view.text[max(0, view.caret - _SHOWN_CHARACTERS) : view.caret],
        suggestion=answer.text,
        replaces=answer.replaces,
        after=view.text[view.caret : view.caret + _SHOWN_CHARACTERS],
    )
