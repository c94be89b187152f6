"""Asks the model for calls of a function, and once more where those it gave do not work."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from contextlib import aclosing

import msgspec

from engine.inference.language_model import (
    Figures,
    Finished,
    GenerationRequest,
    LanguageModel,
    Piece,
    Priority,
    Segment,
    count_tokens,
)
from engine.prompts.call_proposals import ProposalWords
from engine.prompts.family import Family
from engine.prompts.renderer import render_chat
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import Turn
from engine.tasks.write_tests.call import Call, Origin, call_of, is_call_of, normalized
from engine.tasks.write_tests.target import Target

_MOST_TOKENS = 220
_MOST_CODE_CHARACTERS = 6000
_MOST_FAILURES = 6


class Proposals(msgspec.Struct, frozen=True):
    """What the model answered: calls, and what is needed to ask on."""

    calls: tuple[Call, ...] = ()
    turns: tuple[Turn, ...] = ()
    answer: str = ""
    figures: Figures = Figures()


class ModelCalls:
    """One model that is asked for calls."""

    def __init__(
        self,
        model: LanguageModel,
        family: Family,
        templates: TemplateRenderer,
        words: ProposalWords,
        client: str,
    ) -> None:
        self._model = model
        self._family = family
        self._templates = templates
        self._words = words
        self._client = client

    async def propose(
        self, target: Target, known: Iterable[str], examples: Sequence[str] = ()
    ) -> Proposals:
        """Return calls of a function. Raises WorkerDied, TemplateFailed, …."""
        turns = self._words.turns(_shown(target), target.full_name, examples)
        return await self._answered(turns, target, frozenset(known))

    async def repair(
        self,
        before: Proposals,
        failures: Sequence[tuple[str, str]],
        target: Target,
        known: Iterable[str],
    ) -> Proposals:
        """Return calls instead of those that failed, each with why."""
        turns = self._words.repair_turns(before.turns, before.answer, failures[:_MOST_FAILURES])
        return await self._answered(turns, target, frozenset(known))

    async def _answered(
        self, turns: tuple[Turn, ...], target: Target, known: frozenset[str]
    ) -> Proposals:
        beginning = f"```python\n{_beginning(target)}"
        prompt = await render_chat(self._family, turns, self._templates)
        prompt = (*prompt, Segment(beginning.encode()))
        size = sum(await count_tokens(self._model, prompt))
        if size + _MOST_TOKENS >= self._model.facts.context_length:
            return Proposals(turns=turns)
        request = GenerationRequest(
            prompt=prompt,
            max_tokens=_MOST_TOKENS,
            priority=Priority.REVIEW,
            stop_texts=(*self._family.stop_texts, b"```"),
            stop_tokens=self._family.stop_tokens,
            client=self._client,
        )
        text, figures = b"", Figures()
        async with aclosing(self._model.generate(request)) as steps:
            async for step in steps:
                match step:
                    case Piece(more):
                        text += more
                    case Finished(figures=figures):
                        pass
        answer = beginning + text.decode("utf-8", "replace")
        return Proposals(calls_in(answer, target, known), turns, answer, figures)


def calls_in(answer: str, target: Target, known: frozenset[str]) -> tuple[Call, ...]:
    """Return the calls in a model's answer, each once; whatever else it says is passed over."""
    found: dict[str, Call] = {}
    for line in answer.splitlines():
        text = _call_in_line(line, target)
        call = call_of(target, text, Origin.MODEL, known) if text else None
        if call is not None:
            found.setdefault(call.text, call)
    return tuple(found.values())


def _call_in_line(line: str, target: Target) -> str:
    """Return the call in a line such as `print(f(1))`, `assert f(1) == 2` or `f(1)  # two`."""
    stripped = line.strip().lstrip("-*0123456789. ")
    try:
        tree = ast.parse(stripped)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        before = stripped.partition("->")[0].partition("=>")[0].strip(" `")
        return before if normalized(before) else ""
    for node in ast.walk(tree):
        if is_call_of(node, target):
            return ast.unparse(node)
    return ""


def _beginning(target: Target) -> str:
    if not target.owner:
        return f"{target.name}("
    return f"{target.owner}(" if target.is_bound else f"{target.owner}.{target.name}("


def _shown(target: Target) -> str:
    """Return the function as the model sees it, with how its class is made."""
    code = ast.unparse(target.tree)[:_MOST_CODE_CHARACTERS]
    if not target.owner:
        return code
    made = ", ".join(
        each.name + (f"={each.default}" if each.default else "") for each in target.owner_parameters
    )
    inner = "\n".join(f"    {line}" for line in code.splitlines())
    comma = ", " if made else ""
    return f"class {target.owner}:\n    def __init__(self{comma}{made}): ...\n\n{inner}"
