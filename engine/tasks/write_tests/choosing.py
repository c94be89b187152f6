"""Chooses the fewest tests that cover the function and kill its mutants."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.tasks.write_tests.call import Call, Origin
from engine.tasks.write_tests.trial import Outcome


class Candidate(msgspec.Struct, frozen=True):
    """A call that gave something a test can hold fast."""

    call: Call
    outcome: Outcome
    killed: frozenset[int]
    lines: frozenset[int]


class Chosen(msgspec.Struct, frozen=True):
    """A candidate with what it adds to those before it."""

    candidate: Candidate
    new_lines: frozenset[int]
    new_kills: frozenset[int]

    @property
    def reason(self) -> str:
        """What it adds, in words."""
        lines, kills = len(self.new_lines), len(self.new_kills)
        parts = [f"covers {lines} more line{'s' * (lines != 1)}"] if lines else []
        parts += [f"kills {kills} mutant{'s' * (kills != 1)}"] if kills else []
        return ", ".join(parts) or "a documented example"


def choose(
    candidates: Sequence[Candidate], most: int, wanted_lines: frozenset[int]
) -> list[Chosen]:
    """Return the tests to write, those that add most first.

    Documented examples are always chosen. What exists already counts as chosen, and is not
    returned.
    """
    lines: set[int] = set()
    kills: set[int] = set()
    for candidate in candidates:
        if candidate.call.origin is Origin.EXISTING:
            lines |= candidate.lines
            kills |= candidate.killed
    left = [each for each in candidates if each.call.origin is not Origin.EXISTING]
    chosen: list[Chosen] = []
    while left and len(chosen) < most:
        best = max(left, key=lambda each: _worth(each, lines, kills, wanted_lines))
        new_lines = (best.lines & wanted_lines) - lines
        new_kills = best.killed - kills
        if not new_lines and not new_kills and best.call.origin is not Origin.EXAMPLE:
            break
        chosen.append(Chosen(best, frozenset(new_lines), frozenset(new_kills)))
        lines |= best.lines
        kills |= best.killed
        left.remove(best)
    return chosen


def _worth(
    candidate: Candidate, lines: set[int], kills: set[int], wanted: frozenset[int]
) -> tuple[int, int, int, int]:
    """Rank by being documented, by what is added, by where it comes from, and by length."""
    is_example = candidate.call.origin is Origin.EXAMPLE
    added = len((candidate.lines & wanted) - lines) + len(candidate.killed - kills)
    return (is_example, added, -candidate.call.origin, -len(candidate.call.text))
