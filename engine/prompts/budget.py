"""Fits a conversation into the tokens that a model has, counted by its own tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.errors import InvalidInput, PromptTooLong
from engine.inference.language_model import LanguageModel, Prompt, Segment, count_tokens
from engine.prompts.chat_task import ChatTask
from engine.prompts.family import Family
from engine.prompts.renderer import render_chat
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import Attachment, Speaker, Turn

INSTRUCTIONS = "instructions"
QUESTION = "question"
PIPED_INPUT = "input"

# Many models want a token of the beginning in front of every prompt; it is no part of ours.
OPENING_TOKENS = 1


class FittedChat(msgspec.Struct, frozen=True):
    """A chat prompt that fits, its size, and how many of the oldest turns were left out."""

    prompt: Prompt
    prompt_tokens: int
    dropped_turns: int = 0


async def fit_chat(
    model: LanguageModel,
    family: Family,
    turns: Sequence[Turn],
    attachments: Sequence[Attachment] = (),
    *,
    reserve_tokens: int,
    drop_oldest: bool,
    templates: TemplateRenderer,
    task: ChatTask,
) -> FittedChat:
    """Return the prompt that answers the last turn, with `reserve_tokens` left for the answer.

    Puts the task's instructions above a conversation that has none, and the attachments in front
    of the last turn. What does not fit raises PromptTooLong, which names the parts; with
    `drop_oldest` the oldest turns go first, so that what is left begins with the user's. The
    instructions and the last turn are never dropped. Raises InvalidInput when the last turn is
    not the user's, and TemplateFailed.

    Most often this asks the tokenizer once; where turns are dropped, two or three times more.
    """
    if not turns or turns[-1].speaker is not Speaker.USER:
        raise InvalidInput("The last turn of a conversation must be the user's.")
    whole = _with_instructions(turns, task)
    question = task.question_with(attachments, whole[-1].content)
    whole = (*whole[:-1], Turn(Speaker.USER, question))
    available = model.facts.context_length
    # Turns that may go: all but the instructions and the question.
    first, dropped, sizes = 1, 0, list[int]()
    while True:
        kept = (*whole[:1], *whole[first:])
        prompt = await render_chat(family, kept, templates)
        prompt_tokens = sum(await count_tokens(model, prompt))
        excess = OPENING_TOKENS + prompt_tokens + reserve_tokens - available
        if excess <= 0:
            return FittedChat(prompt, prompt_tokens, dropped)
        if not drop_oldest or first == len(whole) - 1:
            parts = await _parts(model, kept, attachments, task, first)
            raise _too_long(excess + available, available, parts)
        sizes = sizes or await count_tokens(model, [Segment(turn.content) for turn in whole])
        around = prompt_tokens - sizes[0] - sum(sizes[first:])
        first = _drop(whole, [size + around // len(kept) for size in sizes], first, excess)
        dropped = first - 1


def _with_instructions(turns: Sequence[Turn], task: ChatTask) -> tuple[Turn, ...]:
    if turns[0].speaker is Speaker.SYSTEM:
        return tuple(turns)
    return (Turn(Speaker.SYSTEM, task.system), *turns)


def _drop(turns: Sequence[Turn], sizes: Sequence[int], first: int, excess: int) -> int:
    """Return the first turn to be kept so that about `excess` tokens go, at least one turn.

    `sizes` are those of the turns with the form around them.
    """
    last = len(turns) - 1
    freed = sizes[first]
    first += 1
    while first < last and (freed < excess or turns[first].speaker is not Speaker.USER):
        freed += sizes[first]
        first += 1
    return first


async def _parts(
    model: LanguageModel,
    turns: Sequence[Turn],
    attachments: Sequence[Attachment],
    task: ChatTask,
    first: int,
) -> tuple[tuple[str, int], ...]:
    """Return the parts of a prompt that does not fit by name, with their tokens, largest first."""
    wrapped = [task.render_attachment(attachment) for attachment in attachments]
    question = turns[-1].content
    if wrapped:
        question = question[len(task.question_with(attachments, b"")) :]
    names = [INSTRUCTIONS]
    names += [f"turn {number}" for number in range(first, first + len(turns) - 2)]
    names += [
        PIPED_INPUT if attachment.path in task.piped_paths else attachment.place
        for attachment in attachments
    ]
    names.append(QUESTION)
    texts = [turn.content for turn in turns[:-1]] + wrapped + [question]
    sizes = await count_tokens(model, [Segment(text) for text in texts])
    return tuple(sorted(zip(names, sizes, strict=True), key=lambda part: -part[1]))


def _too_long(needed: int, available: int, parts: tuple[tuple[str, int], ...]) -> PromptTooLong:
    name, tokens = parts[0]
    return PromptTooLong(
        f"This needs {needed} tokens with room for the answer; the model has {available}.",
        needed_tokens=needed,
        available_tokens=available,
        parts=parts,
        advice=f"Leave something out: the largest part is {name} with {tokens} tokens.",
    )
