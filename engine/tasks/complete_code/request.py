"""The request that a completion makes of the model."""

from __future__ import annotations

from engine.inference.language_model import (
    FinishReason,
    GenerationRequest,
    Keeping,
    LanguageModel,
    Priority,
    Sampling,
)
from engine.prompts.family import Family
from engine.prompts.renderer import render_fim
from engine.prompts.turns import FimParts
from engine.tasks.complete_code.caret import CaretText, lines_below
from engine.tasks.complete_code.reach import Reach, least_indentation
from engine.tasks.complete_code.session.plan import PlanBudget

# The longest suggestion in tokens.
MOST_TOKENS = {Reach.LINE: 64, Reach.FREE: 96, Reach.BLOCK: 192}
# A prompt may cost this long to read cold; the speed that the probe measured makes it tokens.
PROMPT_SECONDS = 5.0
LEAST_PROMPT_TOKENS = 384
# The same for one that is read while somebody waits.
SHORT_SECONDS = 0.8
LEAST_SHORT_TOKENS = 96
MOST_PROMPT_TOKENS = 2048
_USUAL_PREFILL_TOKENS_PER_SECOND = 200.0
# The text behind the caret is read again at every jump, so it gets a smaller share.
_SUFFIX_SHARE = 6
# Other files come on top: they are read once, at rest, and stay.
_OTHER_SHARE = 3

END_WORDS = {
    FinishReason.STOP_TOKEN: "model_stopped",
    FinishReason.STOP_TEXT: "end_of_line",
    FinishReason.BLOCK_END: "end_of_block",
    FinishReason.LENGTH: "length",
    FinishReason.CONTEXT_FULL: "length",
    FinishReason.CANCELLED: "superseded",
    FinishReason.DEADLINE: "deadline",
}


def plan_budget(model: LanguageModel) -> PlanBudget:
    """Return how much text this machine reads in good time, and the context holds."""
    speed = model.speed.prefill_tokens_per_second or _USUAL_PREFILL_TOKENS_PER_SECOND
    most = min(MOST_PROMPT_TOKENS, model.facts.context_length // 2)
    whole = min(max(round(speed * PROMPT_SECONDS), LEAST_PROMPT_TOKENS), most)
    suffix, other = whole // _SUFFIX_SHARE, whole // _OTHER_SHARE
    return PlanBudget(whole - suffix, suffix, other)


def short_budget(model: LanguageModel) -> PlanBudget:
    """Return how much text this machine reads while somebody waits for it."""
    speed = model.speed.prefill_tokens_per_second or _USUAL_PREFILL_TOKENS_PER_SECOND
    whole = max(round(speed * SHORT_SECONDS), LEAST_SHORT_TOKENS)
    suffix = whole // _SUFFIX_SHARE
    return PlanBudget(whole - suffix, suffix, 0)


def lines_as_stops(caret: CaretText) -> tuple[bytes, ...]:
    """Return the next lines behind the caret: a text that comes to one of them is complete."""
    return tuple(b"\n" + line + b"\n" for line in lines_below(caret))


def generation_request(
    family: Family,
    parts: FimParts,
    caret: CaretText,
    *,
    reach: Reach,
    max_tokens: int = 0,
    priority: Priority = Priority.TYPING,
    sampling: Sampling | None = None,
    supersedes: str = "",
    client: str = "",
    resembles: tuple[bytes, ...] = (),
) -> GenerationRequest:
    """Return the request of a completion; `max_tokens` 0 means the usual length."""
    return GenerationRequest(
        prompt=render_fim(family, parts),
        max_tokens=max_tokens or MOST_TOKENS[reach],
        priority=priority,
        sampling=sampling or Sampling(),
        stop_texts=(b"\n",) if reach is Reach.LINE else lines_as_stops(caret),
        stops_after_text=reach is Reach.LINE and not caret.line_before.strip(),
        stop_indentation=least_indentation(caret, reach),
        stop_tokens=family.stop_tokens,
        supersedes=supersedes,
        client=client,
        wants_probabilities=True,
        heals=True,
        resembles=resembles,
    )


def warming_request(
    family: Family,
    parts: FimParts,
    *,
    supersedes: str,
    client: str,
    keeping: Keeping | None = None,
) -> GenerationRequest:
    """Return the request that only reads a prompt, when there is nothing better to do."""
    return GenerationRequest(
        prompt=render_fim(family, parts),
        max_tokens=0,
        priority=Priority.WARMING,
        supersedes=supersedes,
        client=client,
        keeping=keeping,
    )
