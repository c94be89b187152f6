"""From what the model wrote to what is shown: a list of steps, each of which may drop it."""

from __future__ import annotations

import codecs
import math
from collections.abc import Sequence

import msgspec

from engine.tasks.complete_code.caret import CaretText
from engine.tasks.complete_code.question import Suggestion

# A line so short (`}`, `pass`) may well be meant again.
_SHORT_LINE_BYTES = 4


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


def _joined_with_rest_of_line(draft: Draft, caret: CaretText) -> Draft | None:
    """Decide what becomes of the rest of the caret's line.

    In front of code the suggestion becomes a line of its own. Where the rest's signs come again, in
    order, in the suggestion's last line, the suggestion overwrites it: typed in front of `)`, the
    text `value)` takes that bracket's place. Else the suggestion loses an end that equals the
    rest's beginning, and stands in front of it.
    """
    rest = caret.line_after
    if caret.is_in_front_of_code:
        return Draft(draft.text + b"\n" + caret.line_before) if draft.text.strip() else None
    if not rest.strip():
        return msgspec.structs.replace(draft, replaces_bytes=len(rest))
    if caret.line_after_is_closing:
        if _contains_in_order(draft.text.rpartition(b"\n")[2], rest.split()):
            return Draft(draft.text, len(rest))
        return draft
    return Draft(_without_overlap(draft.text, rest))


def _not_repeating_below(draft: Draft, caret: CaretText) -> Draft | None:
    """Drop a line that stands below already, and what a longer text writes from it on."""
    below_text = caret.below
    if caret.is_in_front_of_code:
        below_text = caret.line_before + caret.line_after + below_text
    next_line = next((line for line in below_text.split(b"\n") if line.strip()), b"").rstrip()
    if len(next_line.strip()) <= _SHORT_LINE_BYTES:
        return draft
    lines = (caret.line_before + draft.text).split(b"\n")
    if lines[0].strip() == next_line.strip():
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == next_line:
            text = b"\n".join(lines[:number])[len(caret.line_before) :].rstrip()
            return Draft(text, draft.replaces_bytes)
    return draft


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
