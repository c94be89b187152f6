"""A conversation is fitted into the model's tokens: refused with its parts, or shortened."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from engine.errors import InvalidInput, PromptTooLong
from engine.prompts.budget import FittedChat, fit_chat
from engine.prompts.catalog import Catalog
from engine.prompts.template_renderer import TemplateRenderer
from engine.prompts.turns import Attachment, Speaker, Turn
from tests.engine.prompts.models import facts_of_family
from tests.engine.prompts.words_model import WordsModel, facts_of

SYSTEM, USER, ASSISTANT = Speaker.SYSTEM, Speaker.USER, Speaker.ASSISTANT
CATALOG = Catalog.load()
QWEN = facts_of_family("qwen2.5-coder")


def model_of(context_length: int) -> WordsModel:
    tokens = tuple(QWEN.control_tokens)
    return WordsModel(facts_of("qwen2", tokens, context_length=context_length))


def fitted(
    model: WordsModel,
    turns: Sequence[Turn],
    attachments: Sequence[Attachment] = (),
    *,
    reserve_tokens: int = 100,
    drop_oldest: bool = False,
) -> FittedChat:
    return asyncio.run(
        fit_chat(
            model,
            CATALOG.recognise(model.facts),
            turns,
            attachments,
            reserve_tokens=reserve_tokens,
            drop_oldest=drop_oldest,
            templates=TemplateRenderer(),
            task=CATALOG.chat_task("en"),
        )
    )


def conversation(pairs: int, tokens: int) -> list[Turn]:
    """Return turns of so many tokens each, numbered, and a last short question."""
    turns: list[Turn] = []
    for number in range(pairs):
        turns.append(Turn(USER, b"q%03d" % number * tokens))
        turns.append(Turn(ASSISTANT, b"a%03d" % number * tokens))
    return [*turns, Turn(USER, b"last")]


def said(chat: FittedChat) -> list[bytes]:
    return [segment.text for segment in chat.prompt if not segment.special]


def test_what_fits_is_left_alone_and_counted_once() -> None:
    model = model_of(2000)
    turns = conversation(2, 50)
    chat = fitted(model, turns)
    task = CATALOG.chat_task("en")
    assert said(chat) == [task.system, *(turn.content for turn in turns)]
    assert chat.dropped_turns == 0
    counted = asyncio.run(model.tokenize(chat.prompt))
    assert chat.prompt_tokens == sum(len(tokens) for tokens in counted)
    assert model.asked == 2


def test_own_instructions_replace_ours() -> None:
    chat = fitted(model_of(2000), [Turn(SYSTEM, b"Be a pirate."), Turn(USER, b"hi")])
    assert said(chat) == [b"Be a pirate.", b"hi"]


def test_the_limit_is_exact() -> None:
    turns = conversation(1, 10)
    needed = fitted(model_of(2000), turns).prompt_tokens
    # One token more is kept for the beginning that a model may want.
    assert fitted(model_of(needed + 101), turns).prompt_tokens == needed
    with pytest.raises(PromptTooLong) as failure:
        fitted(model_of(needed + 100), turns)
    assert failure.value.needed_tokens == needed + 101
    assert failure.value.available_tokens == needed + 100


def test_too_long_names_the_parts_largest_first() -> None:
    model = model_of(1000)
    files = [Attachment("src/app.py", b"x" * 2400, 1, 9), Attachment("-", b"y" * 800)]
    with pytest.raises(PromptTooLong) as failure:
        fitted(model, conversation(1, 150), files)
    parts = dict(failure.value.parts)
    assert set(parts) == {
        "instructions",
        "turn 1",
        "turn 2",
        "src/app.py:1-9",
        "input",
        "question",
    }
    sizes = [size for _, size in failure.value.parts]
    assert sizes == sorted(sizes, reverse=True)
    assert parts["turn 1"] == parts["turn 2"] == 150
    assert parts["question"] == 1
    assert 600 <= parts["src/app.py:1-9"] <= 620
    assert "src/app.py:1-9" in failure.value.advice
    assert failure.value.needed_tokens > failure.value.available_tokens == 1000


def test_oldest_turns_are_dropped_and_counted() -> None:
    model = model_of(1000)
    turns = conversation(10, 50)
    chat = fitted(model, turns, drop_oldest=True)
    assert chat.prompt_tokens + 100 < 1000
    assert chat.dropped_turns > 0
    system, *rest = said(chat)
    assert system == CATALOG.chat_task("en").system
    assert rest == [turn.content for turn in turns[chat.dropped_turns :]]
    assert rest[0].startswith(b"q")
    assert rest[-1] == b"last"
    # No more was dropped than had to be: the next older pair would not have fitted.
    assert model.asked <= 4
    with pytest.raises(PromptTooLong):
        fitted(model, turns[chat.dropped_turns - 2 :])


def test_instructions_and_question_are_never_dropped() -> None:
    model = model_of(300)
    turns = [Turn(SYSTEM, b"rule" * 10), *conversation(3, 50)[:-1], Turn(USER, b"word" * 300)]
    with pytest.raises(PromptTooLong) as failure:
        fitted(model, turns, drop_oldest=True)
    assert [name for name, _ in failure.value.parts] == ["question", "instructions"]


def test_turns_keep_their_numbers_when_older_ones_are_gone() -> None:
    model = model_of(900)
    turns = [Turn(USER, b"wordword"), Turn(ASSISTANT, b"wordword"), *conversation(1, 400)]
    chat = fitted(model, turns, drop_oldest=True)
    assert chat.dropped_turns == 4
    with pytest.raises(PromptTooLong) as failure:
        fitted(model, turns)
    assert dict(failure.value.parts)["turn 3"] == 400


@pytest.mark.parametrize(
    "turns", [[], [Turn(SYSTEM, b"x")], [Turn(USER, b"x"), Turn(ASSISTANT, b"y")]]
)
def test_a_conversation_ends_with_a_question(turns: list[Turn]) -> None:
    with pytest.raises(InvalidInput):
        fitted(model_of(2000), turns)
