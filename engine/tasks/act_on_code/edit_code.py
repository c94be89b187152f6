"""Has a model change a part of a file, and lets only an edit through that can be used."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from engine.errors import EditFailed, InvalidInput, PromptTooLong
from engine.inference.language_model import Figures, Finished, Sampling
from engine.inference.model_provider import ModelProvider, Role
from engine.languages.languages import Language
from engine.prompts.action_words import (
    Action,
    ActionKind,
    ActionTexts,
    ActionWords,
    Frame,
    language_of_words,
)
from engine.prompts.catalog import Catalog
from engine.prompts.chat_task import fence_around
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import Turn
from engine.retrieval.code_signs import signs_of
from engine.tasks.act_on_code.actions import action_named
from engine.tasks.act_on_code.asking import Asked, Asking, is_cut, sum_of
from engine.tasks.act_on_code.line_form import AnswerLines, LineForm, Settling, form_of
from engine.tasks.act_on_code.part import Part, grammar_path, language_in, part_of
from engine.tasks.act_on_code.question import (
    ActionBegan,
    EditEnd,
    EditQuestion,
    EditStep,
    NewLines,
    TriedAgain,
)
from engine.tasks.act_on_code.soundness import Soundness, soundness_of
from engine.tasks.act_on_code.unified_diff import unified_diff

USUAL_EDIT = "edit"
_TRIES = 2
# Room for what an edit adds, beside what is there already.
_LEAST_ADDED_TOKENS = 96
_MOST_ADDED_TOKENS = 512
# Greedy at first; the same answer again would be of no use.
_SAMPLINGS = (Sampling(), Sampling(temperature=0.4, seed=1))


class _Work(msgspec.Struct, frozen=True):
    """What stays the same in all tries of one edit."""

    question: EditQuestion
    action: Action
    words_language: str
    language: Language
    part: Part
    form: LineForm
    before: Soundness
    texts: ActionTexts
    asking: Asking
    code_tokens: int
    beginning: bytes
    fence: bytes


class _Outcome(msgspec.Struct):
    """What one try has come to; `reason` is why it cannot be used."""

    lines: AnswerLines
    figures: Figures = Figures()
    is_cut: bool = False
    new_text: bytes = b""
    after: Soundness = Soundness()
    reason: str = ""
    is_unchanged: bool = False


class EditCode:
    """The task behind edit actions."""

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

    async def answer(self, question: EditQuestion) -> AsyncGenerator[EditStep, None]:
        """Stream the edit: began, new lines, …, end. Closing the iterator stops the model.

        Raises InvalidInput, PromptTooLong, EditFailed, ModelUnavailable, TemplateFailed,
        WorkerDied.
        """
        work = await self._work(question)
        frame = self._words.frame(work.words_language)
        turns = self._words.turns(work.action, work.words_language, work.texts)
        figures, reason = Figures(), ""
        for number in range(_TRIES):
            try:
                asked = await _prepared(work, turns)
            except PromptTooLong:
                if number == 0:
                    raise
                break  # no room to show the model what was wrong
            if number == 0:
                yield _began(work, asked)
            else:
                yield TriedAgain(reason)
            outcome = _Outcome(AnswerLines(work.form))
            async with aclosing(_tried(work, asked, number, outcome)) as steps:
                async for step in steps:
                    yield step
            figures = sum_of(figures, outcome.figures)
            await _judge(work, outcome, frame)
            if not outcome.reason or (outcome.is_unchanged and number == _TRIES - 1):
                yield _end(work, outcome, number + 1, figures)
                return
            reason = outcome.reason
            turns = self._asked_again(work, turns, outcome)
        raise EditFailed(f"The model gave no edit that can be used. {reason}")

    async def _work(self, question: EditQuestion) -> _Work:
        action = action_named(self._words, question.action or USUAL_EDIT, ActionKind.EDIT)
        if action.needs_instruction and not question.instruction.strip():
            raise InvalidInput(
                f"The action `{action.name}` needs an instruction.",
                advice="Say what is to be changed.",
            )
        selection = question.selection
        language, part = language_in(selection), part_of(selection)
        model_id, model = await self._models.model_for(Role.CHAT, question.model)
        family = self._catalog.recognise(model.facts)
        asking = Asking(model_id, model, family, self._templates, question.client)
        asking.check_size(part.end - part.start, _LEAST_ADDED_TOKENS)
        text = selection.text[part.start : part.end]
        form = form_of(text, selection.text)
        before = await asyncio.to_thread(
            soundness_of, grammar_path(selection), selection.text, language.name
        )
        fence = fence_around(form.shown)
        return _Work(
            question=question,
            action=action,
            words_language=language_of_words(question.instruction),
            language=language,
            part=part,
            form=form,
            before=before,
            texts=ActionTexts(
                form.shown,
                language.fence,
                language.name,
                question.instruction,
                question.error_text,
                question.failing_test,
            ),
            asking=asking,
            code_tokens=await asking.tokens_of(form.shown),
            beginning=fence + language.fence.encode() + b"\n",
            fence=fence,
        )

    def _asked_again(
        self, work: _Work, turns: tuple[Turn, ...], outcome: _Outcome
    ) -> tuple[Turn, ...]:
        request = self._words.request(work.action, work.words_language, work.texts)
        answer = work.beginning + outcome.lines.raw.strip(b"\n") + b"\n" + work.fence
        return self._words.retry_turns(turns, answer, outcome.reason, work.words_language, request)


async def _prepared(work: _Work, turns: tuple[Turn, ...]) -> Asked:
    return await work.asking.prepared(
        turns,
        beginning=work.beginning,
        least=work.code_tokens + _LEAST_ADDED_TOKENS,
        most=2 * work.code_tokens + _MOST_ADDED_TOKENS,
    )


async def _tried(
    work: _Work, asked: Asked, number: int, outcome: _Outcome
) -> AsyncGenerator[EditStep, None]:
    """Stream one answer's lines into `outcome`."""
    settling = Settling(work.form)
    steps = work.asking.answer(
        asked,
        sampling=_SAMPLINGS[number],
        stop_texts=(b"\n" + work.fence,),
        resembles=(work.form.shown,),
    )
    async with aclosing(steps):
        async for step in steps:
            if isinstance(step, Finished):
                outcome.figures, outcome.is_cut = step.figures, is_cut(step)
                lines = outcome.lines.end()
            else:
                lines = outcome.lines.add(step)
            for line in lines:
                yield NewLines(line, settling.take(line))


async def _judge(work: _Work, outcome: _Outcome, frame: Frame) -> None:
    """Put the new text, or why there is none, into the outcome."""
    reasons = frame.reasons
    selection, part = work.question.selection, work.part
    if outcome.is_cut:
        outcome.reason = reasons.cut
        return
    if not outcome.lines.lines:
        outcome.reason = reasons.empty
        return
    old = selection.text[part.start : part.end]
    new = outcome.new_text = work.form.joined(outcome.lines.lines)
    if work.action.keeps_code and await asyncio.to_thread(_is_other_code, work, new):
        # A small model likes to add a word or a type; the comments are good all the same.
        documented = work.form.joined(outcome.lines.lines, keeps_code=True)
        new = outcome.new_text = new if documented == old else documented
    if _damages(old, new):
        outcome.reason = reasons.damaged
        return
    text = selection.text[: part.start] + new + selection.text[part.end :]
    outcome.after = await asyncio.to_thread(
        soundness_of, grammar_path(selection), text, work.language.name
    )
    if work.before.is_broken_by(outcome.after):
        outcome.reason = reasons.broken
    elif new == old and work.action.must_change:
        outcome.reason, outcome.is_unchanged = reasons.unchanged, True
    elif work.action.keeps_code and await asyncio.to_thread(_is_other_code, work, new):
        outcome.reason = reasons.code_changed


def _is_other_code(work: _Work, new: bytes) -> bool:
    """Whether more than comments and documentation differ."""
    selection = work.question.selection
    text = selection.text[: work.part.start] + new + selection.text[work.part.end :]
    path = grammar_path(selection)
    return signs_of(path, selection.text) != signs_of(path, text)


def _damages(old: bytes, new: bytes) -> bool:
    """Whether bytes that are no text came back as the sign for such bytes."""
    sign = "\ufffd".encode()
    return new.count(sign) > old.count(sign)


def _began(work: _Work, asked: Asked) -> ActionBegan:
    part = work.part
    return ActionBegan(
        part.start,
        part.end,
        part.first_line,
        part.last_line,
        asked.prompt_tokens,
        work.asking.model_id,
    )


def _end(work: _Work, outcome: _Outcome, tries: int, figures: Figures) -> EditEnd:
    selection, part = work.question.selection, work.part
    new = outcome.new_text
    return EditEnd(
        start=part.start,
        end=part.end,
        new_text=new,
        unified_diff=unified_diff(selection.path, selection.text, part.start, part.end, new),
        parses=outcome.after.parses,
        changes=new != selection.text[part.start : part.end],
        text_digest=hashlib.sha256(selection.text).hexdigest(),
        tries=tries,
        figures=figures,
        model=work.asking.model_id,
    )
