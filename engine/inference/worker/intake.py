"""From a request as it comes to an answer that the scheduler can work on."""

from __future__ import annotations

from engine.errors import PromptTooLong
from engine.inference.language_model import GenerationRequest, Prompt
from engine.inference.runtime import Runtime
from engine.inference.scheduler.job import Job
from engine.inference.worker.healing import MOST_TOKENS, healed_length


def tokens_of(runtime: Runtime, prompt: Prompt) -> list[list[int]]:
    """Return each segment's tokens."""
    return [
        runtime.tokenize(each.text, special=each.special, opens=place == 0)
        for place, each in enumerate(prompt)
    ]


def job_of(runtime: Runtime, number: int, request: GenerationRequest) -> Job:
    """Return the answer to a request, yet to be computed. Raises PromptTooLong."""
    segments = tokens_of(runtime, request.prompt)
    prompt = runtime.opening_tokens() + [token for each in segments for token in each]
    scored = runtime.tokenize(request.scores, special=False, opens=False)
    prompt += scored
    facts = runtime.facts
    if len(prompt) <= len(scored) or len(prompt) >= facts.context_length:
        needed, available = len(prompt) + 1, facts.context_length
        raise PromptTooLong(
            f"The prompt needs {needed} tokens, but there is room for {available}.",
            needed_tokens=needed,
            available_tokens=available,
        )
    begins_with = b""
    if request.heals and segments and not request.prompt[-1].special:
        begins_with = _take_unfinished_word(runtime, prompt, len(segments[-1]))
    stops = frozenset(facts.control_tokens.get(name, -1) for name in request.stop_tokens)
    resembles = [runtime.tokenize(each, special=False) for each in request.resembles]
    return Job(number, request, prompt, stops, begins_with, resembles=resembles, scored=len(scored))


def _take_unfinished_word(runtime: Runtime, prompt: list[int], most: int) -> bytes:
    """Take the tokens that are to be healed off the prompt's end and return their text."""
    texts = [runtime.token_text(token) for token in prompt[-MOST_TOKENS - 1 :]]
    count = min(healed_length(texts), most, len(prompt) - 1)
    if count <= 0:
        return b""
    del prompt[-count:]
    return b"".join(texts[-count:])
