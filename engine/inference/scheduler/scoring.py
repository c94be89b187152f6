"""Reads a given text behind a prompt and tells how likely each of its tokens was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.inference.runtime import Runtime, Slice
from engine.inference.scheduler.job import Job


def scoring_slice(job: Job, room: int, outputs: int) -> Slice:
    """Return the next tokens to read of a text that is scored, within `room` and `outputs`.

    What stands in front of the first distribution that is still needed is read without any; that
    may be a part of the text which was read before and then lost. The text's last token is never
    read: nothing is asked of what follows it.
    """
    first = job.prompt_length - job.scored - 1 + job.told_scores
    if job.read < first:
        end = min(job.read + room, first)
        return Slice(job.sequence, job.read, job.tokens[job.read : end], False)
    end = min(job.read + max(1, min(room, outputs)), len(job.tokens) - 1)
    tokens = job.tokens[job.read : end]
    return Slice(job.sequence, job.read, tokens, True, drafted=len(tokens) - 1)


def scores_of(
    runtime: Runtime, tokens: Sequence[int], piece: Slice, first_output: int
) -> Iterator[tuple[bytes, float]]:
    """Yield the text and the log-probability of each token whose distribution was computed."""
    for place in range(piece.output_count):
        token = tokens[piece.start + len(piece.tokens) - piece.output_count + place + 1]
        yield (
            runtime.token_text(token),
            runtime.log_probability(first_output + place, token),
        )
