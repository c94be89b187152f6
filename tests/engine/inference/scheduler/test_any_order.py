"""Whatever is submitted, cancelled and interrupted in whatever order: nothing is mixed up or lost.

The ledger's next token depends on all that a sequence contains, and its sampler checks that the
prompt stands there, so a wrong token anywhere shows as a wrong answer.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.inference.language_model import FinishReason, Priority
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.runtime import DecodeOutcome
from engine.inference.scheduler.job import NO_SEQUENCE
from tests.engine.inference.scheduler.desk import Desk
from tests.engine.inference.scheduler.ledger_runtime import LedgerRuntime, answer_to

# Few pieces, so that prompts often share a beginning, exactly or nearly.
_PIECES = st.sampled_from([b"a" * 30, b"b" * 7, b"c", b"a" * 80, b"d" * 130])
# Whoever hands prompts to a scheduler has refused those that no context holds.
_CONTEXT_TOKENS = 220
_PROMPTS = (
    st.lists(_PIECES, min_size=1, max_size=3)
    .map(b"".join)
    .filter(lambda prompt: len(prompt) < _CONTEXT_TOKENS)
)
_ENDED_BY_ITSELF = {FinishReason.STOP_TOKEN, FinishReason.LENGTH}


class AnyOrder(RuleBasedStateMachine):
    """Requests of all kinds on a cache that is often too small."""

    can_truncate = True

    def __init__(self) -> None:
        super().__init__()
        runtime = LedgerRuntime(
            cells=300, sequences=6, context_length=_CONTEXT_TOKENS, can_truncate=self.can_truncate
        )
        self.desk = Desk(runtime, most_running=3, lot=ParkingLot(1500))
        self.prompts: dict[int, bytes] = {}

    @rule(
        prompt=_PROMPTS,
        most=st.integers(0, 40),
        priority=st.sampled_from(Priority),
        caret=st.sampled_from(["", "", "one", "two"]),
        client=st.sampled_from(["", "x", "y"]),
    )
    def submit(self, prompt: bytes, most: int, priority: Priority, caret: str, client: str) -> None:
        number = self.desk.submit(
            prompt, most=most, priority=priority, supersedes=caret, client=client
        )
        self.prompts[number] = prompt

    @precondition(lambda self: self.prompts)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.prompts)))
        self.desk.scheduler.cancel(number)
        assert number in self.desk.ends

    @rule()
    def park(self) -> None:
        self.desk.scheduler.park()

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
    def sequences_hold_what_was_read(self) -> None:
        for job in self.desk.jobs.values():
            if job.sequence != NO_SEQUENCE and job.number not in self.desk.ends:
                content = self.desk.runtime.content_of(job.sequence)
                assert content == tuple(job.tokens[: job.read])

    @invariant()
    def answers_are_right_so_far(self) -> None:
        for number, prompt in self.prompts.items():
            job = self.desk.jobs[number]
            expected = answer_to(prompt, job.request.max_tokens)
            assert expected.startswith(self.desk.texts[number])
            if self.desk.ends.get(number) in _ENDED_BY_ITSELF:
                assert self.desk.texts[number] == expected

    def teardown(self) -> None:
        self.desk.runtime.outcomes.clear()
        self.desk.finish_all()
        assert all(sampler.is_closed for sampler in self.desk.runtime.samplers)
        self.answers_are_right_so_far()


class AnyOrderRecurrent(AnyOrder):
    """The same on a cache whose sequences can only be kept or forgotten as a whole."""

    can_truncate = False


_SETTINGS = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = _SETTINGS
TestAnyOrderRecurrent = AnyOrderRecurrent.TestCase
TestAnyOrderRecurrent.settings = _SETTINGS
