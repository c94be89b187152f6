"""Whatever happens in whatever order: drafted answers are the ones that undrafted answers are.

The ledger's next token depends on all that a sequence contains; mostly it is one that came in the
same place before, so that most guesses come true, some fail, and all of them stand in the cache.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import FinishReason, Priority
from engine.inference.runtime import DecodeOutcome
from engine.inference.scheduler.job import NO_SEQUENCE
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import (
    LedgerRuntime,
    answer_to,
    copying_token,
)

_PIECES = st.sampled_from([b"abcab" * 6, b"dc" * 4, b"c", b"abcde" * 16])
_PROMPTS = st.lists(_PIECES, min_size=1, max_size=3).map(b"".join)
_STOPS = st.sampled_from([(), (), (b"abab",), (b"ef", b"gfb")])
_ENDED_BY_ITSELF = {FinishReason.STOP_TOKEN, FinishReason.LENGTH, FinishReason.STOP_TEXT}
# Guesses are nearly free, so that every one is tried.
_CHEAP = CostCurve({1: 10.0, 16: 11.0})


class DraftedOrder(RuleBasedStateMachine):
    """Requests of all kinds, drafted, on a cache that is often too small."""

    can_truncate = True

    def __init__(self) -> None:
        super().__init__()
        runtime = LedgerRuntime(
            cells=330,
            sequences=6,
            context_length=260,
            can_truncate=self.can_truncate,
            following=copying_token,
        )
        self.desk = Desk(runtime, most_running=3, curve=_CHEAP)
        self.prompts: dict[int, bytes] = {}

    @rule(
        prompt=_PROMPTS,
        most=st.integers(0, 60),
        priority=st.sampled_from(Priority),
        caret=st.sampled_from(["", "", "one"]),
        stops=_STOPS,
    )
    def submit(
        self, prompt: bytes, most: int, priority: Priority, caret: str, stops: tuple[bytes, ...]
    ) -> None:
        number = self.desk.submit(
            prompt, most=most, priority=priority, supersedes=caret, stop_texts=stops
        )
        self.prompts[number] = prompt

    @precondition(lambda self: self.prompts)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        self.desk.scheduler.cancel(data.draw(st.sampled_from(sorted(self.prompts))))

    @rule(steps=st.integers(1, 12))
    def step(self, steps: int) -> None:
        self.desk.step(steps)

    @rule(
        outcome=st.sampled_from([DecodeOutcome.ABORTED, DecodeOutcome.NO_ROOM]),
        kept=st.integers(0, 16),
    )
    def interrupt(self, outcome: DecodeOutcome, kept: int) -> None:
        is_abort = outcome is DecodeOutcome.ABORTED
        self.desk.runtime.outcomes.append((outcome, kept if is_abort else 0))
        self.desk.step()

    @invariant()
    def sequences_hold_what_was_read_and_no_guess(self) -> None:
        for job in self.desk.jobs.values():
            if job.sequence != NO_SEQUENCE and job.number not in self.desk.ends:
                content = self.desk.runtime.content_of(job.sequence)
                assert content == tuple(job.tokens[: job.read])

    @invariant()
    def answers_are_right_so_far(self) -> None:
        for number, prompt in self.prompts.items():
            request = self.desk.jobs[number].request
            expected = answer_to(prompt, request.max_tokens, copying_token)
            places = [at for text in request.stop_texts if (at := expected.find(text)) >= 0]
            text = self.desk.texts[number]
            assert expected.startswith(text)
            if self.desk.ends.get(number) in _ENDED_BY_ITSELF:
                assert text == expected[: min(places, default=len(expected))]

    @invariant()
    def figures_add_up(self) -> None:
        for job in self.desk.jobs.values():
            assert 0 <= job.accepted <= min(job.drafted, job.generated)

    def teardown(self) -> None:
        self.desk.runtime.outcomes.clear()
        self.desk.finish_all()
        assert all(sampler.is_closed for sampler in self.desk.runtime.samplers)
        self.answers_are_right_so_far()
        if not self.can_truncate:
            assert not any(job.drafted for job in self.desk.jobs.values())


class DraftedOrderRecurrent(DraftedOrder):
    """A model that cannot forget a guess is given none."""

    can_truncate = False


_SETTINGS = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestDraftedOrder = DraftedOrder.TestCase
TestDraftedOrder.settings = _SETTINGS
TestDraftedOrderRecurrent = DraftedOrderRecurrent.TestCase
TestDraftedOrderRecurrent.settings = settings(
    max_examples=10, stateful_step_count=30, deadline=None
)
