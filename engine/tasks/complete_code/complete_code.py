"""Completes code at a caret."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from engine.errors import DeadlinePassed
from engine.inference.language_model import (
    Finished,
    FinishReason,
    GenerationRequest,
    LanguageModel,
    Piece,
    Priority,
)
from engine.inference.model_provider import ModelProvider, Role
from engine.languages.indentation import indentation_of
from engine.languages.languages import language_of
from engine.prompts.catalog import Catalog
from engine.prompts.family import Family
from engine.prompts.fim_budget import fit_fim
from engine.prompts.renderer import render_fim
from engine.prompts.turns import FimParts
from engine.tasks.complete_code.anchor import anchor_in
from engine.tasks.complete_code.caret import CaretText, cut_at
from engine.tasks.complete_code.extent import wants_block
from engine.tasks.complete_code.finishing import finish
from engine.tasks.complete_code.question import (
    CompletionEnd,
    CompletionQuestion,
    Extent,
    Suggestion,
)

LINE_TOKENS = 64
BLOCK_TOKENS = 192
# The prompt may cost this long to read cold; the speed that the probe measured makes it tokens.
PROMPT_SECONDS = 6.0
LEAST_PROMPT_TOKENS = 384
MOST_PROMPT_TOKENS = 2048
_USUAL_PREFILL_TOKENS_PER_SECOND = 200.0
_SUFFIX_SHARE = 4
_WORDS = {
    FinishReason.STOP_TOKEN: "model_stopped",
    FinishReason.STOP_TEXT: "end_of_line",
    FinishReason.BLOCK_END: "end_of_block",
    FinishReason.LENGTH: "length",
    FinishReason.CONTEXT_FULL: "length",
}


class CompleteCode:
    """The task behind completion."""

    def __init__(self, models: ModelProvider, catalog: Catalog) -> None:
        self._models = models
        self._catalog = catalog

    async def answer(
        self, question: CompletionQuestion
    ) -> AsyncGenerator[Suggestion | CompletionEnd, None]:
        """Stream suggestions, each instead of the one before, then the end.

        Closing the iterator stops the model. Raises ModelUnavailable, WorkerDied.
        """
        model_id, model = await self._models.model_for(Role.COMPLETION, question.model)
        caret = cut_at(question.text, question.caret_offset)
        parts = await _prompt_parts(model, question, caret)
        request = _request(self._catalog.recognise(model.facts), parts, question, caret)
        text = b""
        log_probabilities: list[float] = []
        shown: Suggestion | None = None
        async with aclosing(model.generate(request)) as steps:
            async for step in steps:
                match step:
                    case Piece():
                        text += step.text
                        log_probabilities.extend(step.log_probabilities)
                        newest = finish(text, caret, log_probabilities)
                        if newest is not None and (shown is None or newest.text != shown.text):
                            shown = newest
                            yield newest
                    case Finished():
                        final = finish(text, caret, log_probabilities)
                        yield CompletionEnd(
                            suggestions=(final,) if final is not None else (),
                            figures=step.figures,
                            model=model_id,
                            reason=_reason(step.reason, final),
                        )


async def _prompt_parts(
    model: LanguageModel, question: CompletionQuestion, caret: CaretText
) -> FimParts:
    """Return the prompt's parts, cut at the anchor and to what the machine reads in good time."""
    anchor = anchor_in(caret.before)
    # What is no closing sign must be known to the model, or it writes it once more.
    rest = b"" if caret.line_after_is_closing else caret.line_after
    parts = FimParts(
        prefix=caret.before[:anchor],
        middle=caret.before[anchor:] + caret.line_before,
        suffix=rest + caret.below,
        path=question.path,
    )
    budget = prompt_budget(model)
    return await fit_fim(
        model,
        parts,
        prefix_tokens=budget - budget // _SUFFIX_SHARE,
        suffix_tokens=budget // _SUFFIX_SHARE,
    )


def prompt_budget(model: LanguageModel) -> int:
    """Return how many tokens of prompt this machine reads in good time, and the context holds."""
    speed = model.speed.prefill_tokens_per_second or _USUAL_PREFILL_TOKENS_PER_SECOND
    wanted = round(speed * PROMPT_SECONDS)
    most = min(MOST_PROMPT_TOKENS, model.facts.context_length // 2)
    return min(max(wanted, LEAST_PROMPT_TOKENS), most)


def _request(
    family: Family, parts: FimParts, question: CompletionQuestion, caret: CaretText
) -> GenerationRequest:
    is_block = _is_block(question, caret)
    return GenerationRequest(
        prompt=render_fim(family, parts),
        max_tokens=question.max_tokens or (BLOCK_TOKENS if is_block else LINE_TOKENS),
        priority=Priority.TYPING,
        stop_texts=() if is_block else (b"\n",),
        stop_indentation=_block_indentation(caret) if is_block else 0,
        stop_tokens=family.stop_tokens,
        supersedes=question.caret_id and f"{question.client}/{question.caret_id}",
        client=question.client,
        wants_probabilities=True,
        heals=True,
    )


def _is_block(question: CompletionQuestion, caret: CaretText) -> bool:
    if question.extent is Extent.AUTOMATIC:
        first_line = question.text.partition(b"\n")[0][:256]
        return wants_block(caret, language_of(question.path, first_line))
    return question.extent is Extent.BLOCK


def _block_indentation(caret: CaretText) -> int:
    """Return the indentation that the block's lines have at least: that of the caret's line."""
    return max(1, indentation_of(caret.line_before))


def _reason(reason: FinishReason, suggestion: Suggestion | None) -> str:
    """Return the word for the end of a completion."""
    if reason is FinishReason.CANCELLED:
        return "superseded"
    if reason is FinishReason.DEADLINE:
        raise DeadlinePassed("The completion took longer than the client allowed.")
    if suggestion is None:
        return "nothing_new"
    return _WORDS[reason]
