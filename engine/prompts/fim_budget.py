"""Cuts the text around a caret to token budgets, at places that stay put while one types."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.inference.language_model import LanguageModel, Segment, count_tokens
from engine.prompts.turns import FimParts

# Code has some three to four bytes a token, and runs of spaces that are one. Further from the
# caret than this nothing can be worth a token: it is not even counted.
MOST_BYTES_PER_TOKEN = 8
STEPS = 4
USUAL_BYTES_PER_TOKEN = 3


async def fit_fim(
    model: LanguageModel, parts: FimParts, *, prefix_tokens: int, suffix_tokens: int
) -> FimParts:
    """Return the parts with the prefix cut from the left and the suffix from the right.

    The suffix ends at a line's end. The prefix begins at a line's start, and only at one of few
    places: the first line behind each multiple, counted from the start of the file, of about a
    quarter of the budget. While one types, the same place fits again and again, so the prompt keeps
    its first token and the model what it has read; once the budget is used up the cut moves a
    quarter of it at once. The price is that up to a quarter of the budget stays unused. A text
    whose lines are longer than such a step is cut inside a line, between characters.

    The middle and other files are left as they are. Asks the tokenizer once, or not at all where
    the texts have fewer bytes than tokens are allowed. Pieces are counted by themselves; joined
    they may differ by a token or two.
    """
    before = _steps_of(parts.prefix, prefix_tokens)
    after = _lines_of(parts.suffix, suffix_tokens)
    pieces = [parts.prefix[start:end] for start, end in before]
    pieces += [parts.suffix[start:end] for start, end in after]
    if not pieces:
        return parts
    sizes = await count_tokens(model, [Segment(piece) for piece in pieces])
    prefix, suffix = parts.prefix, parts.suffix
    if before:
        prefix = prefix[_cut(prefix, before, sizes[: len(before)], prefix_tokens) :]
    if after:
        kept = _fitting(sizes[len(before) :], suffix_tokens)
        suffix = suffix[: after[kept - 1][1] if kept else 0]
    return msgspec.structs.replace(parts, prefix=prefix, suffix=suffix)


def _cut(prefix: bytes, steps: Sequence[tuple[int, int]], sizes: Sequence[int], budget: int) -> int:
    """Return where the prefix is to begin so that its last steps fit."""
    kept = _fitting(sizes[::-1], budget)
    if kept:
        return steps[-kept][0]
    # Only where nearly every byte is a token: that many bytes fit for sure.
    return character_start(prefix, len(prefix) - max(0, budget))


def _fitting(sizes: Sequence[int], budget: int) -> int:
    """Return how many of the first pieces fit together."""
    for count, size in enumerate(sizes):
        budget -= size
        if budget < 0:
            return count
    return len(sizes)


def _steps_of(prefix: bytes, budget: int) -> list[tuple[int, int]]:
    """Return the steps, from and to, of the prefix's end that may fit; none if it fits surely."""
    if len(prefix) <= budget:
        return []
    step = max(1, budget * USUAL_BYTES_PER_TOKEN // STEPS)
    farthest = max(0, len(prefix) - max(1, budget) * MOST_BYTES_PER_TOKEN)
    starts: list[int] = []
    for mark in range(farthest - farthest % step, len(prefix), step):
        start = _line_start(prefix, mark, step)
        if not starts or start > starts[-1]:
            starts.append(start)
    return list(zip(starts, [*starts[1:], len(prefix)], strict=True))


def _line_start(text: bytes, mark: int, step: int) -> int:
    """Return the first start of a line from the mark on, less than a step away, else a character.

    A lone carriage return ends no line here: such files are cut inside their only line.
    """
    if mark == 0 or text[mark - 1 : mark] == b"\n":
        return mark
    newline = text.find(b"\n", mark, mark + step - 1)
    return newline + 1 if newline >= 0 else character_start(text, mark)


def character_start(text: bytes, place: int) -> int:
    """Return the place, or up to three bytes behind it where it lies inside a UTF-8 character."""
    for start in range(place, min(place + 4, len(text))):
        if text[start] & 0xC0 != 0x80:  # no continuation byte
            return start
    return place


def _lines_of(suffix: bytes, budget: int) -> list[tuple[int, int]]:
    """Return the lines, from and to, of the suffix's start that may fit; none if it fits surely.

    The first line is given in pieces where it is long, so that some of it fits.
    """
    if len(suffix) <= budget:
        return []
    end = min(len(suffix), max(1, budget) * MOST_BYTES_PER_TOKEN)
    longest = max(1, budget * USUAL_BYTES_PER_TOKEN // STEPS)
    lines: list[tuple[int, int]] = []
    start, in_first_line = 0, True
    while start < end:
        newline = suffix.find(b"\n", start, end)
        if newline < 0 and end < len(suffix) and not in_first_line:
            break  # a line that is not even looked at to its end
        stop = newline + 1 if newline >= 0 else end
        if in_first_line and stop - start > longest:
            stop = character_start(suffix, start + longest)
        else:
            in_first_line = False
        lines.append((start, stop))
        start = stop
    return lines
