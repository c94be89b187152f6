"""Answers the last turn of a conversation."""

from __future__ import annotations

import codecs
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import msgspec

from engine.errors import DeadlinePassed, GenerationCancelled
from engine.inference.language_model import (
    Finished,
    FinishReason,
    GenerationRequest,
    Piece,
    Priority,
    Sampling,
)
from engine.inference.model_provider import ModelProvider, Role
from engine.prompts.budget import fit_chat
from engine.prompts.catalog import Catalog
from engine.prompts.family import Family
from engine.prompts.measure import ChatMeasure, MeasuredTurn, ModelInUse, measure_chat
from engine.prompts.template_renderer import TemplateRenderer
from engine.tasks.answer_chat.question import (
    AnswerEnd,
    ChatBegan,
    ChatEnd,
    ChatQuestion,
    ChatStep,
    ChatText,
)

# An answer may be this long, or a quarter of the context where that is less.
USUAL_ANSWER_TOKENS = 1024
_ENDS = {
    FinishReason.STOP_TOKEN: AnswerEnd.COMPLETE,
    FinishReason.STOP_TEXT: AnswerEnd.COMPLETE,
    FinishReason.BLOCK_END: AnswerEnd.COMPLETE,
    FinishReason.LENGTH: AnswerEnd.LENGTH,
    FinishReason.CONTEXT_FULL: AnswerEnd.CONTEXT_FULL,
}


class AnswerChat:
    """The task behind chat."""

    def __init__(
        self, models: ModelProvider, catalog: Catalog, templates: TemplateRenderer
    ) -> None:
        self._models = models
        self._catalog = catalog
        self._templates = templates

    async def measure(
        self,
        turns: Sequence[MeasuredTurn],
        *,
        model_name: str = "",
        max_tokens: int = 0,
        language: str = "en",
    ) -> ChatMeasure:
        """Tell what a chat would cost, and what would be left out. Loads the model.

        Raises ModelUnavailable, ModelNotFound, TemplateFailed, WorkerDied.
        """
        model_id, model = await self._models.model_for(Role.CHAT, model_name)
        used = ModelInUse(
            model_id,
            model,
            self._catalog.recognise(model.facts),
            self._templates,
            self._catalog.chat_task(language),
        )
        usual = _usual_tokens(model.facts.context_length)
        return await measure_chat(used, turns, min(max_tokens or usual, usual))

    async def answer(self, question: ChatQuestion) -> AsyncGenerator[ChatStep, None]:
        """Stream the answer: began, text, …, end. Closing the iterator stops the model.

        Raises InvalidInput, PromptTooLong, ModelUnavailable, TemplateFailed, WorkerDied.
        """
        model_id, model = await self._models.model_for(Role.CHAT, question.model)
        family = self._catalog.recognise(model.facts)
        usual = _usual_tokens(model.facts.context_length)
        max_tokens = question.max_tokens or usual
        fitted = await fit_chat(
            model,
            family,
            question.turns,
            question.attachments,
            reserve_tokens=min(max_tokens, usual),
            drop_oldest=question.drop_oldest,
            templates=self._templates,
            task=self._catalog.chat_task(question.language),
        )
        yield ChatBegan(fitted.prompt_tokens, model.facts.context_length, fitted.dropped_turns)
        request = GenerationRequest(
            prompt=fitted.prompt,
            max_tokens=max_tokens,
            priority=Priority.WARMING if question.is_background else Priority.CHAT,
            sampling=_sampling(family, question),
            stop_texts=family.stop_texts,
            stop_tokens=family.stop_tokens,
            client=question.client,
        )
        characters = codecs.getincrementaldecoder("utf-8")("replace")
        async with aclosing(model.generate(request)) as steps:
            async for step in steps:
                match step:
                    case Piece(text):
                        whole = characters.decode(text)
                        if whole:
                            yield ChatText(whole.encode())
                    case Finished(reason, figures):
                        rest = characters.decode(b"", final=True)
                        if rest:
                            yield ChatText(rest.encode())
                        yield ChatEnd(_end(reason), figures, model_id)


def _usual_tokens(context_length: int) -> int:
    return min(USUAL_ANSWER_TOKENS, context_length // 4)


def _sampling(family: Family, question: ChatQuestion) -> Sampling:
    """Return the family's own sampling, with what the question asks for instead."""
    sampling = family.sampling or Sampling(temperature=0.2)
    if question.temperature is not None:
        sampling = msgspec.structs.replace(sampling, temperature=question.temperature)
    seed = question.seed or random.getrandbits(32)
    return msgspec.structs.replace(sampling, seed=seed)


def _end(reason: FinishReason) -> AnswerEnd:
    if reason is FinishReason.CANCELLED:
        raise GenerationCancelled("The answer was cancelled.")
    if reason is FinishReason.DEADLINE:
        raise DeadlinePassed("The answer took longer than the client allowed.")
    return _ENDS[reason]
