"""Which parts of a text the prompt shows, and for how long that can stay as it is.

A plan is kept as long as it fits: while one types below its anchor, only the end of the prompt
grows. A caret that goes elsewhere, an edit above the anchor or below the caret's line, or a middle
that has grown too long make a new one. A plan that still fits but would better be renewed is
`stale`: it is renewed, and read ahead, when the user rests.
"""

from __future__ import annotations

import msgspec

from engine.inference.language_model import LanguageModel
from engine.prompts.fim_budget import character_start, fit_fim
from engine.prompts.turns import FimParts, OtherFile
from engine.tasks.complete_code.caret import CaretText
from rpc.difference import difference

# A new anchor stands this many lines above the caret's line.
ANCHOR_LINES = 8
# With fewer lines and bytes before the caret than this, though the text has more, the plan does not
# fit.
LEAST_LINES = 3
LEAST_BYTES = 256
# The middle may grow to this many lines, and is stale from half of it on.
MOST_LINES = 40
# At this length a middle is too long however few lines it has.
MOST_MIDDLE_BYTES = 4096


class PromptPlan(msgspec.Struct, frozen=True):
    """A prompt's parts but for the middle. `start` and `anchor` are offsets in the text."""

    start: int
    anchor: int
    prefix: bytes
    suffix: bytes
    is_suffix_whole: bool
    other_files: tuple[OtherFile, ...] = ()
    path: str = ""
    repository: str = ""

    def fits(self, caret: CaretText) -> bool:
        """Whether the prompt of a caret can be made with this plan."""
        head = caret.head
        if len(head) < self.anchor or head[self.start : self.anchor] != self.prefix:
            return False
        lines = head.count(b"\n", self.anchor)
        if lines > MOST_LINES or len(head) - self.anchor > MOST_MIDDLE_BYTES:
            return False
        is_near = lines < LEAST_LINES and len(head) - self.anchor < LEAST_BYTES
        if is_near and self.anchor > 0:
            return False
        suffix = suffix_text(caret)
        return suffix == self.suffix if self.is_suffix_whole else suffix.startswith(self.suffix)

    def is_stale(self, caret: CaretText) -> bool:
        """Whether a new plan would be better for a caret that this one fits."""
        return caret.head.count(b"\n", self.anchor) > MOST_LINES // 2

    def parts(self, caret: CaretText) -> FimParts:
        """Return the prompt's parts for a caret that the plan fits."""
        return FimParts(
            prefix=self.prefix,
            suffix=self.suffix,
            middle=caret.head[self.anchor :],
            path=self.path,
            repository=self.repository,
            other_files=self.other_files,
        )


class PlanBudget(msgspec.Struct, frozen=True):
    """How many tokens the prompt may show before the anchor, behind the caret, of other files."""

    prefix_tokens: int
    suffix_tokens: int
    other_tokens: int


def unread_bytes(plan: PromptPlan, read: PromptPlan | None) -> int:
    """Return how much of a plan's prompt, without the middle, a model has to read that has just
    read another one's.
    """
    others = sum(len(each.content) for each in plan.other_files)
    whole = others + len(plan.prefix) + len(plan.suffix)
    if read is None or plan.other_files != read.other_files:
        return whole
    if plan == read:
        return 0
    return whole - others - difference(read.prefix, plan.prefix).start


def suffix_text(caret: CaretText) -> bytes:
    """Return the text behind the caret as the prompt shows it.

    Closing signs on the caret's line are left out: they come and go while one types, and the model
    writes them itself. Other text must be known to it, or it is written once more.
    """
    if caret.line_after_is_closing and not caret.is_in_front_of_code:
        return caret.below
    return caret.line_after + caret.below


async def make_plan(
    model: LanguageModel,
    caret: CaretText,
    budget: PlanBudget,
    *,
    anchor: int,
    path: str,
    repository: str = "",
    other_files: tuple[OtherFile, ...] = (),
) -> PromptPlan:
    """Return a plan for a caret with an anchor above it, cut to what may be read.

    In lines that are very long the anchor stands nearer, within the line.
    """
    anchor = max(anchor, _nearest_anchor(caret.head))
    whole = FimParts(prefix=caret.head[:anchor], suffix=suffix_text(caret))
    cut = await fit_fim(
        model, whole, prefix_tokens=budget.prefix_tokens, suffix_tokens=budget.suffix_tokens
    )
    return PromptPlan(
        start=anchor - len(cut.prefix),
        anchor=anchor,
        prefix=cut.prefix,
        suffix=cut.suffix,
        is_suffix_whole=len(cut.suffix) == len(whole.suffix),
        other_files=other_files,
        path=path,
        repository=repository,
    )


def _nearest_anchor(head: bytes) -> int:
    """Return the first place, between characters, from which the middle is not too long."""
    place = max(0, len(head) - MOST_MIDDLE_BYTES // 2)
    return character_start(head, place) if place else 0


def lines_above(before: bytes, count: int) -> int:
    """Return where the line begins that is `count` lines above the end of whole lines."""
    position = len(before)
    for _ in range(count):
        if position == 0:
            return 0
        position = before.rfind(b"\n", 0, position - 1) + 1
    return position
