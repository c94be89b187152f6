"""Texts that are scored: each token behind what really stands before it, told once and in order."""

from __future__ import annotations

import pytest

from engine.inference.language_model import FinishReason, Priority
from engine.inference.runtime import DecodeOutcome
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to, likelihood

_PROMPT = b"the beginning that several texts share "
_TEXT = b"a text of more tokens than a decode has outputs"


def _expected(prompt: bytes, text: bytes) -> list[float]:
    whole = prompt + text
    return [likelihood(whole[:end], whole[end]) for end in range(len(prompt), len(whole))]


def _score(desk: Desk[LedgerRuntime], text: bytes, prompt: bytes = _PROMPT) -> int:
    return desk.submit(prompt + text, most=0, scored=len(text), priority=Priority.REVIEW)


@pytest.mark.parametrize("text", [b"x", b"xy", _TEXT])
def test_each_token_is_scored_behind_all_before_it(text: bytes) -> None:
    desk = Desk(LedgerRuntime())
    number = _score(desk, text)
    desk.finish_all()
    assert desk.probabilities[number] == _expected(_PROMPT, text)
    assert desk.texts[number] == text
    assert desk.ends[number] is FinishReason.LENGTH


def test_texts_share_what_stands_before_them() -> None:
    desk = Desk(LedgerRuntime())
    for text in (b"one", b"two", b"six"):
        number = _score(desk, text)
        desk.finish_all()
        assert desk.probabilities[number] == _expected(_PROMPT, text)
    # The last token of each is never read.
    assert desk.runtime.tokens_read <= len(_PROMPT) + 3 * len(b"one")


def test_a_text_scored_twice_is_told_whole_twice() -> None:
    desk = Desk(LedgerRuntime())
    for _ in range(2):
        number = _score(desk, _TEXT)
        desk.finish_all()
        assert desk.probabilities[number] == _expected(_PROMPT, _TEXT)


@pytest.mark.parametrize("outcome", [DecodeOutcome.ABORTED, DecodeOutcome.NO_ROOM])
@pytest.mark.parametrize("can_truncate", [True, False])
@pytest.mark.parametrize("decodes_before", range(8))
def test_an_interrupted_decode_loses_and_repeats_nothing(
    decodes_before: int, can_truncate: bool, outcome: DecodeOutcome
) -> None:
    desk = Desk(LedgerRuntime(can_truncate=can_truncate))
    number = _score(desk, _TEXT)
    # Something more urgent makes the interrupted text give its place up for a while.
    desk.step(decodes_before)
    kept = 3 if outcome is DecodeOutcome.ABORTED else 0
    desk.runtime.outcomes.append((outcome, kept))
    desk.step()
    urgent = desk.submit(b"typed", most=4, priority=Priority.TYPING)
    desk.finish_all()
    assert desk.texts[urgent] == answer_to(b"typed", 4)
    if desk.ends[number] is FinishReason.CONTEXT_FULL:
        assert outcome is DecodeOutcome.NO_ROOM
        return
    assert desk.probabilities[number] == _expected(_PROMPT, _TEXT)


def test_texts_and_answers_work_beside_each_other() -> None:
    desk = Desk(LedgerRuntime())
    texts = [b"first text", b"second", b"the third one"]
    scored = [_score(desk, text) for text in texts]
    answer = desk.submit(_PROMPT, most=12, priority=Priority.REVIEW)
    desk.finish_all()
    assert [desk.probabilities[each] for each in scored] == [
        _expected(_PROMPT, text) for text in texts
    ]
    assert desk.texts[answer] == answer_to(_PROMPT, 12)


def test_scoring_ends_when_it_is_cancelled() -> None:
    desk = Desk(LedgerRuntime())
    number = _score(desk, _TEXT)
    desk.step(4)
    told = list(desk.probabilities[number])
    desk.scheduler.cancel(number)
    assert desk.ends[number] is FinishReason.CANCELLED
    assert told == _expected(_PROMPT, _TEXT)[: len(told)]
    assert 0 < len(told) < len(_TEXT)
    assert not desk.scheduler.has_work
