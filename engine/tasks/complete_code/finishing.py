"""From what the model wrote to what is shown: a list of steps, each of which may drop it."""

from __future__ import annotations

import codecs
import math
import re
import string
from collections.abc import Sequence

import msgspec

from engine.languages.indentation import indentation_of
from engine.tasks.complete_code.brackets import closed_by
from engine.tasks.complete_code.caret import CaretText, lines_below
from engine.tasks.complete_code.question import Suggestion

# A loop that the model does not leave: so many turns, each of up to so many lines.
_LEAST_TURNS = 3
_LONGEST_TURN_LINES = 4
# The same within a line. A list of equal numbers ends with a bracket and is none.
_RUNNING_LOOP = re.compile(rb"(?=[^\n]{0,31}\w\w)([^\n]{3,32}?)\1{4,}[^\n]{0,2}$")
_BRACKETS = frozenset(b")]}")
_WORD_BYTES = frozenset(b"_" + string.ascii_letters.encode() + string.digits.encode())


class Draft(msgspec.Struct, frozen=True):
    """A suggestion on its way: text with `\\n` line ends, and how much after the caret it takes."""

    text: bytes
    replaces_bytes: int = 0


def finish(text: bytes, caret: CaretText, log_probabilities: Sequence[float]) -> Suggestion | None:
    """Return the suggestion that the model's text makes, or None when it is not worth showing."""
    draft: Draft | None = Draft(text)
    for step in (
        _in_whole_characters,
        _without_trailing_blanks,
        _without_running_loop,
        _without_leading_blank_lines,
        _not_repeating_below,
        _joined_with_rest_of_line,
    ):
        if draft is None:
            return None
        draft = step(draft, caret)
    if draft is None or not draft.text.strip():
        return None
    return Suggestion(
        draft.text.replace(b"\n", caret.newline),
        draft.replaces_bytes,
        _confidence(log_probabilities),
    )


def _in_whole_characters(draft: Draft, caret: CaretText) -> Draft | None:
    """Leave out the beginning of a character whose end the model has yet to write."""
    del caret
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    decoder.decode(draft.text)
    unfinished, _ = decoder.getstate()
    return Draft(draft.text[: len(draft.text) - len(unfinished)])


def _without_trailing_blanks(draft: Draft, caret: CaretText) -> Draft | None:
    del caret
    return Draft(draft.text.rstrip())


def _without_running_loop(draft: Draft, caret: CaretText) -> Draft | None:
    """Keep one turn of what a model that is caught in a loop writes again and again to its end.

    Within a line the beginning of a loop is worth nothing either.
    """
    del caret
    lines = draft.text.split(b"\n")
    words = [line.strip() for line in lines]
    for turn in range(1, min(_LONGEST_TURN_LINES, len(lines) // 2) + 1):
        start = len(lines)
        while start >= turn and words[start - turn : start] == words[-turn:]:
            start -= turn
        has_text = any(_says_something(line) for line in words[-turn:])
        if len(lines) - start >= _LEAST_TURNS * turn and has_text:
            return Draft(b"\n".join(lines[: start + turn]).rstrip(), draft.replaces_bytes)
    return None if _RUNNING_LOOP.search(lines[-1]) else draft


def _says_something(line: bytes) -> bool:
    """Whether a line is more than brackets and blanks, which may well come again."""
    return sum(byte in _WORD_BYTES for byte in line) > 1


def _joined_with_rest_of_line(draft: Draft, caret: CaretText) -> Draft | None:
    """Decide what becomes of the rest of the caret's line.

    In front of code the suggestion becomes a line of its own. Where it closes what the rest's
    signs close, it overwrites them: typed in front of `)`, the text `value)` takes that bracket's
    place. Else the suggestion loses an end that equals the
    rest's beginning, and stands in front of it.
    """
    rest = caret.line_after
    if caret.is_in_front_of_code:
        return Draft(draft.text + b"\n" + caret.line_before) if draft.text.strip() else None
    if not rest.strip():
        return msgspec.structs.replace(draft, replaces_bytes=len(rest))
    if caret.line_after_is_closing:
        return Draft(draft.text, len(rest)) if _closes(caret, draft.text) else draft
    return Draft(_without_overlap(draft.text, rest))


def _without_leading_blank_lines(draft: Draft, caret: CaretText) -> Draft | None:
    """Begin on the caret's own line where that is blank: it is a new one already."""
    if caret.line_before.strip():
        return draft
    blank = draft.text[: len(draft.text) - len(draft.text.lstrip())]
    line_end = blank.rfind(b"\n")
    if line_end < 0:
        return draft
    text = draft.text[line_end + 1 :]
    if text.startswith(caret.line_before):
        return Draft(text[len(caret.line_before) :])
    return Draft(text.lstrip())


def _not_repeating_below(draft: Draft, caret: CaretText) -> Draft | None:
    """Drop a line that stands below already, and what a longer text writes from it on.

    Of a text whose first line is indented less than the line below only that line is kept: the
    block that it opens is there.
    """
    below = lines_below(caret)
    if not below:
        return draft
    lines = (caret.line_before + draft.text).split(b"\n")
    if lines[0].strip() == below[0].strip():
        return None
    end = len(lines)
    if caret.line_before.strip() or indentation_of(below[0]) <= indentation_of(lines[0]):
        known = {line.strip() for line in below}
        end = next((at for at, line in enumerate(lines[1:], 1) if line.strip() in known), end)
    else:
        end = 1
    text = b"\n".join(lines[:end])[len(caret.line_before) :].rstrip()
    return Draft(text, draft.replaces_bytes)


def _closes(caret: CaretText, text: bytes) -> bool:
    """Whether a suggestion writes the closing signs itself that stand behind the caret."""
    rest = caret.line_after.replace(b" ", b"")
    if not _BRACKETS.issuperset(rest):
        return _contains_in_order(text.rpartition(b"\n")[2], caret.line_after.split())
    return closed_by(caret.line_before, text) >= len(rest)


def _contains_in_order(text: bytes, parts: Sequence[bytes]) -> bool:
    """Whether all bytes of `parts` occur in `text` in their order."""
    position = 0
    for byte in b"".join(parts):
        position = text.find(byte, position) + 1
        if position == 0:
            return False
    return True


def _without_overlap(text: bytes, rest: bytes) -> bytes:
    """Return `text` without the longest end of it that `rest` begins with."""
    rest = rest.rstrip()
    for length in range(min(len(text), len(rest)), 0, -1):
        if text.endswith(rest[:length]):
            return text[: len(text) - length]
    return text


def _confidence(log_probabilities: Sequence[float]) -> float:
    """Return the geometric mean of the tokens' probabilities."""
    if not log_probabilities:
        return 0.0
    return math.exp(sum(log_probabilities) / len(log_probabilities))
