"""Chooses an answer's next tokens, and finds out whether they end it."""

from __future__ import annotations

import time

import msgspec

from engine.inference.language_model import FinishReason
from engine.inference.runtime import Runtime, Slice
from engine.inference.scheduler.job import Job


class Answered(msgspec.Struct, frozen=True):
    """What came of one slice: text to deliver, how many guesses came true, why the answer ended."""

    text: bytes
    log_probabilities: tuple[float, ...]
    accepted: int
    reason: FinishReason | None


class Answering:
    """Continues answers by what the last decode computed."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def continue_answer(self, job: Job, piece: Slice, first_output: int) -> Answered:
        """Append the tokens that the model chooses after a slice to an answer.

        Each is chosen as if there had been no guesses, in order and once: by its distribution, at
        which the sampler arrives with all tokens before it. While the choice equals the guess that
        was read behind it, the next distribution is valid too.
        """
        guesses = piece.tokens[len(piece.tokens) - piece.drafted :]
        texts: list[bytes] = []
        probabilities: list[float] = []
        accepted = 0
        for place in range(piece.drafted + 1):
            before = len(job.tokens)
            text, reason = self._choose_next(job, first_output + place, probabilities)
            texts.append(text)
            is_right = (
                place < piece.drafted
                and len(job.tokens) > before
                and job.tokens[-1] == guesses[place]
            )
            accepted += is_right
            if reason is not None or not is_right:
                break
        job.drafted += piece.drafted
        job.accepted += accepted
        return Answered(b"".join(texts), tuple(probabilities), accepted, reason)

    def _choose_next(
        self, job: Job, output: int, probabilities: list[float]
    ) -> tuple[bytes, FinishReason | None]:
        """Choose one token; return what of its text may be delivered, and why the answer ended."""
        request = job.request
        if job.sampler is None:
            job.sampler = self._runtime.start_sampling(
                request.sampling,
                job.tokens[: job.prompt_length],
                wants_probability=request.wants_probabilities,
            )
        token, probability = job.sampler.next(output, job.begins_with)
        job.first_token_at = job.first_token_at or time.monotonic()
        if self._runtime.is_end(token) or token in job.stop_token_numbers:
            return b"", FinishReason.STOP_TOKEN
        job.tokens.append(token)
        if request.wants_probabilities:
            probabilities.append(probability)
        text, is_stopped = job.stop_texts.feed(self._new_text(job, token))
        text, is_block_complete = job.block_end.feed(text)
        if is_block_complete:
            return text, FinishReason.BLOCK_END
        if is_stopped:
            return text, FinishReason.STOP_TEXT
        if job.generated >= request.max_tokens:
            return text, FinishReason.LENGTH
        if len(job.tokens) >= self._runtime.facts.context_length:
            return text, FinishReason.CONTEXT_FULL
        return text, None

    def _new_text(self, job: Job, token: int) -> bytes:
        """Return a token's text without what it repeats of the prompt's end."""
        text = self._runtime.token_text(token)
        repeated = min(len(text), len(job.begins_with))
        job.begins_with = job.begins_with[repeated:]
        return text[repeated:]
