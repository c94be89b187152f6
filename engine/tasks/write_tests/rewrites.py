"""Compares what a function gives with what independent rewrites of it give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from engine.tasks.write_tests.call import Call
from engine.tasks.write_tests.question import Basis, SuspectedDefect
from engine.tasks.write_tests.target import Target
from engine.tasks.write_tests.trial import Outcome

# Of the rewrites that give a value at all; and so many must.
_MAJORITY = 0.6
_LEAST_VOTES = 3


class Rewrites(Protocol):
    """Who writes a function anew from what it is for, without having seen how it is done."""

    async def of(self, target: Target) -> Sequence[str]:
        """Return sources that each define the function; none where it cannot be done."""


def agreed(
    target: Target,
    calls: Sequence[Call],
    own: Sequence[Outcome],
    rewritten: Sequence[Sequence[Outcome]],
) -> tuple[frozenset[str], list[SuspectedDefect]]:
    """Return the calls that most rewrites confirm, and those on which they agree on else.

    Rewrites that agree with the function on hardly anything have understood it differently, and
    say nothing against it.
    """
    confirmed: set[str] = set()
    conflicts: list[SuspectedDefect] = []
    for number, call in enumerate(calls):
        votes = Counter(each[number].text for each in rewritten if each[number].is_value)
        if votes.total() < _LEAST_VOTES:
            continue
        text, count = votes.most_common(1)[0]
        if count < _MAJORITY * votes.total():
            continue
        if text == own[number].text:
            confirmed.add(call.text)
        else:
            conflicts.append(_conflict(target, call, own[number], text))
    return frozenset(confirmed), conflicts if len(confirmed) >= len(conflicts) else []


def _conflict(target: Target, call: Call, outcome: Outcome, expected: str) -> SuspectedDefect:
    return SuspectedDefect(
        target.full_name,
        target.first_line,
        f"Independent rewrites agree on another value of `{call.text}`.",
        call=call.text.encode(),
        expected=expected.encode(),
        actual=outcome.text.encode(),
        basis=Basis.CONFIRMED,
    )
