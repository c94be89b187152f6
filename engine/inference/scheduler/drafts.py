"""Adds guesses to the slices of a planned decode, where they are worth their time."""

from __future__ import annotations

import msgspec

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.drafting.draft_length import draft_length
from engine.inference.drafting.drafter import Drafter
from engine.inference.drafting.measured_cost import MeasuredCost
from engine.inference.runtime import Runtime, Slice
from engine.inference.scheduler.job import Job


class Drafts:
    """Guesses for all answers of a decode, so that together they cost no more than they promise."""

    def __init__(self, runtime: Runtime, curve: CostCurve) -> None:
        self._runtime = runtime
        self._cost = MeasuredCost(curve)

    def added_to(self, planned: list[tuple[Job, Slice]]) -> list[tuple[Job, Slice]]:
        """Return the slices with guesses behind those of answers that are being written."""
        tokens = sum(len(piece.tokens) for _, piece in planned)
        outputs = sum(piece.output_count for _, piece in planned)
        expected = float(len(planned))
        drafted = []
        for job, piece in planned:
            room = min(self._runtime.batch_size - tokens, self._runtime.most_outputs - outputs)
            most = min(room, self._most_useful(job))
            guesses: tuple[int, ...] = ()
            if len(piece.tokens) == 1 and piece.wants_output and not job.begins_with and most > 0:
                guesses, gain = self._guesses(job, most, tokens, expected)
                tokens += len(guesses)
                outputs += len(guesses)
                expected += gain
            drafted.append((job, with_guesses(piece, guesses) if guesses else piece))
        return drafted

    def saw_decode(self, planned: list[tuple[Job, Slice]], seconds: float) -> None:
        """Learn from the time that a decode has taken."""
        self._cost.saw(sum(len(piece.tokens) for _, piece in planned), seconds)

    def _most_useful(self, job: Job) -> int:
        """Return how many guesses can become a part of the answer before its last token."""
        longest = min(job.most_tokens, self._runtime.facts.context_length)
        return longest - len(job.tokens) - 1

    def _guesses(
        self, job: Job, most: int, batch_tokens: int, batch_yield: float
    ) -> tuple[tuple[int, ...], float]:
        """Return the guesses to verify and how many of them are expected to be right."""
        if job.drafter is None:
            job.drafter = Drafter(job.resembles)
        proposal = job.drafter.propose(job.tokens)
        # Behind an end there is nothing to verify: the distribution in front of it decides.
        for place, token in enumerate(proposal.tokens[:most]):
            if self._runtime.is_end(token) or token in job.stop_token_numbers:
                most = place
                break
        length = draft_length(
            proposal.survival,
            self._cost,
            most=most,
            batch_tokens=batch_tokens,
            batch_yield=batch_yield,
        )
        return proposal.tokens[:length], sum(proposal.survival[:length])


def with_guesses(piece: Slice, guesses: tuple[int, ...]) -> Slice:
    """Return a slice with guesses behind its tokens."""
    tokens = (*piece.tokens, *guesses)
    return msgspec.structs.replace(piece, tokens=tokens, drafted=len(guesses))


def without_guesses(piece: Slice) -> Slice:
    """Return a slice with only the tokens that are known."""
    known = len(piece.tokens) - piece.drafted
    return msgspec.structs.replace(piece, tokens=piece.tokens[:known], drafted=0)
