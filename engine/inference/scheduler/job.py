"""One answer on its way through the scheduler."""

from __future__ import annotations

import time
from array import array
from collections.abc import Sequence

from engine.inference.drafting.drafter import Drafter
from engine.inference.language_model import Figures, GenerationRequest, Priority
from engine.inference.runtime import Sampler
from engine.inference.scheduler.stopping import BlockEnd, StopTexts

NO_SEQUENCE = -1


class Job:
    """An answer: its prompt and what was generated, of which the first `read` are in the cache."""

    def __init__(
        self,
        number: int,
        request: GenerationRequest,
        prompt: Sequence[int],
        stop_token_numbers: frozenset[int] = frozenset(),
        begins_with: bytes = b"",
        *,
        resembles: Sequence[Sequence[int]] = (),
        scored: int = 0,
    ) -> None:
        self.number = number
        self.request = request
        self.tokens = array("i", prompt)
        self.prompt_length = len(prompt)
        # How many tokens at the prompt's end are scored, and of how many that was told.
        self.scored = scored
        self.told_scores = 0
        self.read = 0
        self.cached: int | None = None
        self.sequence = NO_SEQUENCE
        self.sampler: Sampler | None = None
        self.stop_token_numbers = stop_token_numbers
        # What the answer must repeat of the prompt's end before it is delivered.
        self.begins_with = begins_with
        self.stop_texts = StopTexts(request.stop_texts, after_text=request.stops_after_text)
        self.block_end = BlockEnd(request.stop_indentation)
        # The tokens of the texts that the answer may resemble.
        self.resembles = resembles
        self.drafter: Drafter | None = None
        self.drafted = 0
        self.accepted = 0
        self.submitted_at = time.monotonic()
        self.first_token_at: float | None = None

    @property
    def priority(self) -> Priority:
        """Who goes first."""
        return self.request.priority

    @property
    def generated(self) -> int:
        """How many tokens were generated."""
        return len(self.tokens) - self.prompt_length

    @property
    def pending(self) -> int:
        """How many tokens must still be read before the next one can be chosen."""
        return len(self.tokens) - self.read

    @property
    def usable_tokens(self) -> array[int]:
        """The tokens of which all but the last may be in the cache before the next decode."""
        if not self.scored:
            return self.tokens
        return self.tokens[: self.prompt_length - self.scored + self.told_scores]

    @property
    def is_answering(self) -> bool:
        """Whether the prompt is read."""
        return self.generated > 0

    @property
    def most_tokens(self) -> int:
        """The longest that prompt and answer together may become."""
        return self.prompt_length + (0 if self.scored else self.request.max_tokens)

    @property
    def is_late(self) -> bool:
        """Whether its time has run out."""
        limit = self.request.deadline_seconds
        return limit > 0 and time.monotonic() - self.submitted_at > limit

    def figures(self) -> Figures:
        """Return what the answer has cost until now."""
        now = time.monotonic()
        first = self.first_token_at
        streamed = now - first if first is not None else 0.0
        return Figures(
            prompt_tokens=self.prompt_length,
            cached_tokens=self.cached or 0,
            generated_tokens=self.generated,
            drafted_tokens=self.drafted,
            accepted_tokens=self.accepted,
            time_to_first_token_ms=(first - self.submitted_at) * 1000 if first else 0.0,
            total_ms=(now - self.submitted_at) * 1000,
            tokens_per_second=(self.generated - 1) / streamed
            if self.generated > 1 and streamed > 0
            else 0.0,
        )
