"""One model that is asked for an action: the prompt, its size, and the answer's pieces."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from engine.errors import DeadlinePassed, GenerationCancelled, PromptTooLong
from engine.inference.language_model import (
    Figures,
    Finished,
    FinishReason,
    GenerationRequest,
    LanguageModel,
    Piece,
    Priority,
    Prompt,
    Sampling,
    Segment,
    count_tokens,
)
from engine.prompts.budget import OPENING_TOKENS
from engine.prompts.family import Family
from engine.prompts.renderer import render_chat
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import Turn

# No tokenizer makes fewer tokens of a text; a text above this is not even counted.
_MOST_BYTES_A_TOKEN = 16


class Asked(msgspec.Struct, frozen=True):
    """A prompt that fits, and the longest answer to it."""

    prompt: Prompt
    prompt_tokens: int
    most_tokens: int


class Asking(msgspec.Struct, frozen=True):
    """A loaded model and what prompts for it need."""

    model_id: str
    model: LanguageModel
    family: Family
    templates: TemplateRenderer
    client: str

    def check_size(self, size_bytes: int, least: int) -> None:
        """Raise PromptTooLong where a text need not even be counted."""
        available = self.model.facts.context_length
        if size_bytes > available * _MOST_BYTES_A_TOKEN:
            raise _too_long(size_bytes // _MOST_BYTES_A_TOKEN + least, available)

    async def prepared(
        self, turns: tuple[Turn, ...], *, beginning: bytes, least: int, most: int
    ) -> Asked:
        """Return the prompt of some turns, the answer begun. Raises PromptTooLong."""
        available = self.model.facts.context_length
        self.check_size(sum(len(turn.content) for turn in turns), least)
        prompt = await render_chat(self.family, turns, self.templates)
        if beginning:
            prompt = (*prompt, Segment(beginning))
        tokens = sum(await count_tokens(self.model, prompt)) + OPENING_TOKENS
        if tokens + least > available:
            raise _too_long(tokens + least, available)
        return Asked(prompt, tokens, min(most, available - tokens))

    async def tokens_of(self, text: bytes) -> int:
        """Return how many tokens a text is."""
        (tokens,) = await count_tokens(self.model, [Segment(text)])
        return tokens

    async def answer(
        self,
        asked: Asked,
        *,
        sampling: Sampling,
        stop_texts: tuple[bytes, ...] = (),
        resembles: tuple[bytes, ...] = (),
    ) -> AsyncGenerator[bytes | Finished, None]:
        """Stream an answer. Raises GenerationCancelled, DeadlinePassed, WorkerDied, …."""
        request = GenerationRequest(
            prompt=asked.prompt,
            max_tokens=asked.most_tokens,
            priority=Priority.CHAT,
            sampling=sampling,
            stop_texts=(*self.family.stop_texts, *stop_texts),
            stop_tokens=self.family.stop_tokens,
            client=self.client,
            resembles=resembles,
        )
        async with aclosing(self.model.generate(request)) as steps:
            async for step in steps:
                match step:
                    case Piece(text):
                        yield text
                    case Finished(reason=FinishReason.CANCELLED):
                        raise GenerationCancelled("The action was cancelled.")
                    case Finished(reason=FinishReason.DEADLINE):
                        raise DeadlinePassed("The action took longer than the client allowed.")
                    case Finished():
                        yield step


def is_cut(end: Finished) -> bool:
    """Whether an answer became too long."""
    return end.reason in (FinishReason.LENGTH, FinishReason.CONTEXT_FULL)


def sum_of(first: Figures, second: Figures) -> Figures:
    """Return the figures of two tries, one after the other."""
    milliseconds = first.total_ms + second.total_ms
    generated = first.generated_tokens + second.generated_tokens
    return Figures(
        prompt_tokens=first.prompt_tokens + second.prompt_tokens,
        cached_tokens=first.cached_tokens + second.cached_tokens,
        generated_tokens=generated,
        time_to_first_token_ms=first.time_to_first_token_ms or second.time_to_first_token_ms,
        total_ms=milliseconds,
        tokens_per_second=generated * 1000 / milliseconds if milliseconds else 0.0,
        drafted_tokens=first.drafted_tokens + second.drafted_tokens,
        accepted_tokens=first.accepted_tokens + second.accepted_tokens,
    )


def _too_long(needed: int, available: int) -> PromptTooLong:
    return PromptTooLong(
        f"This needs {needed} tokens with room for the answer; the model has {available}.",
        needed_tokens=needed,
        available_tokens=available,
        advice="Select less of the file, and give less of the error or test where there is one.",
    )
