"""The anchored middle: where the prompt is cut so that a keystroke costs only its own tokens.

A fill-in-the-middle prompt puts the text behind the caret after the text before it, so that each
typed character moves everything. Here the text is cut at an *anchor* some lines above the caret
instead: `<prefix> text above the anchor <suffix> text below the caret's line <middle> text from the
anchor to the caret`. Typing then only adds to the end of the prompt (EFIM, arXiv 2505.21889).

The anchor is a function of the caret's line alone, so that it needs no memory: it stays while one
types within a block of lines, and moves by a whole block.
"""

from __future__ import annotations

# The middle has at least this many whole lines above the caret's own, where the text has them,
LEAST_LINES = 8
# and the anchor moves by this many.
BLOCK_LINES = 16


def anchor_in(before: bytes) -> int:
    """Return the offset of the anchor in the whole lines above the caret's line."""
    line = before.count(b"\n")
    anchor_line = max(0, (line - LEAST_LINES) // BLOCK_LINES * BLOCK_LINES)
    offset = 0
    for _ in range(anchor_line):
        offset = before.index(b"\n", offset) + 1
    return offset
