"""Talk: what the model is asked, and how its words arrive."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from engine.tasks.act_on_code.question import ActionBegan, TalkEnd, TalkQuestion, TalkText
from tests.engine.tasks.act_on_code.acting import script_of, selected, talked

CODE = "def f():\n    «return 1»\n".encode()


def test_words_come_whole_and_end(tmp_path: Path) -> None:
    model = script_of(tmp_path, "It gives **one** 🐚.")
    steps = asyncio.run(talked(model, TalkQuestion(selected(CODE))))
    began, end = steps[0], steps[-1]
    assert isinstance(began, ActionBegan)
    assert (began.first_line, began.last_line) == (2, 2)
    assert "".join(step.text for step in steps if isinstance(step, TalkText)) == (
        "It gives **one** 🐚."
    )
    assert isinstance(end, TalkEnd)
    assert not end.is_cut
    assert end.figures.prompt_tokens == began.prompt_tokens - 1


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (TalkQuestion(selected(CODE)), "Explain what this code does"),
        (TalkQuestion(selected(CODE), language="zh-CN"), "逐步解释"),
        (TalkQuestion(selected(CODE), instruction="为什么?"), "用户补充：为什么?"),
        (TalkQuestion(selected(CODE), instruction="Why?"), "The user adds: Why?"),
        (TalkQuestion(selected(CODE), error_text="KeyError"), "```\nKeyError\n```"),
        (TalkQuestion(selected(CODE), action="review-security"), "for security"),
    ],
)
def test_the_model_is_asked(question: TalkQuestion, asked: str, tmp_path: Path) -> None:
    model = script_of(tmp_path, "Yes.")
    asyncio.run(talked(model, question))
    assert asked in b"".join(each.text for each in model.requests[0].prompt).decode()


def test_talk_that_grows_too_long_says_so(tmp_path: Path) -> None:
    steps = asyncio.run(talked(script_of(tmp_path, "word " * 3000), TalkQuestion(selected(CODE))))
    end = steps[-1]
    assert isinstance(end, TalkEnd)
    assert end.is_cut


def test_an_edit_action_does_not_talk(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no action `fix` that talks") as refused:
        asyncio.run(talked(script_of(tmp_path, ""), TalkQuestion(selected(CODE), action="fix")))
    assert "explain" in refused.value.advice
