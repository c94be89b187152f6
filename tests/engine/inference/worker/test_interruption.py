"""Which newcomer ends a running decode, from cases."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.inference.language_model import GenerationRequest, Priority
from engine.inference.runtime import Slice
from engine.inference.scheduler.job import Job
from engine.inference.worker.loop import must_interrupt

_READING = [1, 2, 3, 4, 5, 6, 7, 8]


def _job(tokens: Sequence[int], priority: Priority, name: str) -> Job:
    request = GenerationRequest((), 8, priority=priority, supersedes=name)
    return Job(1, request, tokens)


# What runs, the newcomer, and whether the decode of the tokens 5 to 8 is ended for it.
_CASES = {
    "an older sister with another text": (Priority.TYPING, "a", Priority.TYPING, "a", [9, 9], True),
    "a less urgent one": (Priority.CHAT, "", Priority.TYPING, "a", [9, 9], True),
    "a more urgent one": (Priority.TYPING, "a", Priority.CHAT, "", [9, 9], False),
    "one of the same class": (Priority.TYPING, "a", Priority.TYPING, "b", [9, 9], False),
    "a sister that reads the same": (
        Priority.TYPING, "a", Priority.TYPING, "a", [*_READING, 9], False,
    ),
    "a sister that changed the last token": (
        Priority.TYPING, "a", Priority.TYPING, "a", [*_READING[:7], 9, 9], False,
    ),
    "a sister that shares only what was read": (
        Priority.TYPING, "a", Priority.TYPING, "a", [*_READING[:5], 9], True,
    ),
    "what is read ahead is wanted now": (
        Priority.WARMING, "a", Priority.TYPING, "a", [*_READING, 9], False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", _CASES.values(), ids=_CASES)
def test_must_interrupt(
    case: tuple[Priority, str, Priority, str, list[int], bool],
) -> None:
    running_priority, running_name, priority, name, tokens, expected = case
    running = _job(_READING, running_priority, running_name)
    piece = Slice(0, 4, _READING[4:], True)
    assert must_interrupt(running, piece, _job(tokens, priority, name)) is expected
