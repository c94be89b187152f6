"""What is noted of every keystroke, and the figures that many of them make."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

Kind = Literal["letter", "enter", "delete", "jump", "rename", "accept"]
Origin = Literal["model", "earlier", "ahead", "none"]


class Answer(msgspec.Struct, frozen=True):
    """What came for one wish; seconds from the key. `None`: not within the time it was given."""

    text: str = ""
    replaces: int = 0
    first_seconds: float | None = None
    line_seconds: float | None = None
    origin: Origin = "none"
    # Tokens of the prompt that were read for it; None where nobody can tell.
    tokens_read: int | None = None
    prompt_tokens: int | None = None
    # Whether it is the last word; a suggestion of several lines may still grow.
    is_final: bool = False
    failure: str = ""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a suggestion, and enough text around it to see that."""

    kind: Literal["duplicate", "does not parse"]
    file: str
    line: int
    before: str
    suggestion: str
    replaces: int
    after: str


class Keystroke(msgspec.Struct, frozen=True):
    """One key and what came of it. `waited_seconds` is how long its answer was waited for."""

    script: str
    step: int
    at: int
    kind: Kind
    is_in_line: bool
    looks: bool
    waited_seconds: float
    answer: Answer
    is_right: bool = False
    is_checked_for_parsing: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether the answer was there before the next key."""
        return self.answer.line_seconds is not None

    @property
    def has_suggestion(self) -> bool:
        """Whether a suggestion was shown."""
        return bool(self.answer.text)


class Times(msgspec.Struct, frozen=True):
    """Times of which some are only known to be longer than what was waited."""

    seen: tuple[float, ...]
    cut_short: tuple[float, ...]

    def percentile(self, percent: float) -> float | None:
        """Return the time within which `percent` of all answers come; None beyond what was seen.

        The product-limit estimator (Kaplan and Meier, 1958): an answer that was not waited for
        counts as one that takes longer than that, and is not left out, which would flatter the
        slow.
        """
        moments = sorted([(each, 0) for each in self.seen] + [(each, 1) for each in self.cut_short])
        at_risk, still_out = len(moments), 1.0
        for moment, is_cut_short in moments:
            if not is_cut_short:
                still_out *= 1 - 1 / at_risk
                if still_out <= 1 - percent / 100 + 1e-12:
                    return moment
            at_risk -= 1
        return None


def first_token_times(keystrokes: Iterable[Keystroke]) -> Times:
    """Return the times from key to first token."""
    return _times((each.answer.first_seconds, each.waited_seconds) for each in keystrokes)


def line_times(keystrokes: Iterable[Keystroke]) -> Times:
    """Return the times from key to the whole line, or to knowing that there is none."""
    return _times((each.answer.line_seconds, each.waited_seconds) for each in keystrokes)


def tokens_read(keystrokes: Iterable[Keystroke]) -> list[float]:
    """Return the tokens of the prompt that each answered keystroke had read."""
    return [
        float(each.answer.tokens_read)
        for each in keystrokes
        if each.is_answered and each.answer.tokens_read is not None
    ]


def share(part: int, whole: int) -> float:
    """Return a share in percent; of nothing it is 0."""
    return 100 * part / whole if whole else 0.0


def plain_percentile(values: Sequence[float], percent: float) -> float | None:
    """Return the nearest-rank percentile, None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _times(pairs: Iterable[tuple[float | None, float]]) -> Times:
    seen: list[float] = []
    cut_short: list[float] = []
    for seconds, waited in pairs:
        if seconds is None:
            cut_short.append(waited)
        else:
            seen.append(seconds)
    return Times(tuple(seen), tuple(cut_short))
