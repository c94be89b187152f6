"""Has a model talk about a part of a file."""

from __future__ import annotations

import codecs
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from engine.inference.language_model import Finished, Sampling
from engine.inference.model_provider import ModelProvider, Role
from engine.prompts.action_words import ActionKind, ActionTexts, ActionWords, language_of_words
from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.tasks.act_on_code.actions import action_named
from engine.tasks.act_on_code.asking import Asking, is_cut
from engine.tasks.act_on_code.line_form import form_of
from engine.tasks.act_on_code.part import language_in, part_of
from engine.tasks.act_on_code.question import (
    ActionBegan,
    TalkEnd,
    TalkQuestion,
    TalkStep,
    TalkText,
)

USUAL_TALK = "explain"
_LEAST_TOKENS = 256
_MOST_TOKENS = 1024


class TalkAboutCode:
    """The task behind talk actions."""

    def __init__(
        self,
        models: ModelProvider,
        catalog: Catalog,
        templates: TemplateRenderer,
        words: ActionWords,
    ) -> None:
        self._models = models
        self._catalog = catalog
        self._templates = templates
        self._words = words

    async def answer(self, question: TalkQuestion) -> AsyncGenerator[TalkStep, None]:
        """Stream the talk: began, Markdown, …, end. Closing the iterator stops the model.

        Raises InvalidInput, PromptTooLong, ModelUnavailable, TemplateFailed, WorkerDied.
        """
        action = action_named(self._words, question.action or USUAL_TALK, ActionKind.TALK)
        selection = question.selection
        language, part = language_in(selection), part_of(selection)
        model_id, model = await self._models.model_for(Role.CHAT, question.model)
        family = self._catalog.recognise(model.facts)
        asking = Asking(model_id, model, family, self._templates, question.client)
        asking.check_size(part.end - part.start, _LEAST_TOKENS)
        form = form_of(selection.text[part.start : part.end], selection.text)
        texts = ActionTexts(
            form.shown, language.fence, language.name, question.instruction, question.error_text
        )
        words_language = question.language or language_of_words(question.instruction)
        turns = self._words.turns(action, words_language, texts)
        asked = await asking.prepared(turns, beginning=b"", least=_LEAST_TOKENS, most=_MOST_TOKENS)
        yield ActionBegan(
            part.start, part.end, part.first_line, part.last_line, asked.prompt_tokens, model_id
        )
        sampling = family.sampling or Sampling(temperature=0.2)
        sampling = msgspec.structs.replace(sampling, seed=random.getrandbits(32))
        characters = codecs.getincrementaldecoder("utf-8")("replace")
        async with aclosing(asking.answer(asked, sampling=sampling)) as steps:
            async for step in steps:
                is_end = isinstance(step, Finished)
                text = characters.decode(b"" if isinstance(step, Finished) else step, final=is_end)
                if text:
                    yield TalkText(text)
                if isinstance(step, Finished):
                    yield TalkEnd(is_cut(step), step.figures, model_id)
