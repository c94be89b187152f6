"""The prompts of the code actions, as they are sent, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.prompts.action_words import ActionKind, ActionTexts, ActionWords, language_of_words

GOLDEN = Path(__file__).with_name("golden_actions")
WORDS = ActionWords.load()
TEXTS = ActionTexts(
    b'def f(x):\n    return f"{code} {x} ```"\n',
    "python",
    "python",
    instruction="Mind {request}.",
    error_text="KeyError: '{fenced}'",
    failing_test=b"assert f(1)\n",
)


def rendered(name: str, language: str) -> str:
    """Return an action's turns, and those that ask once more after an answer."""
    action = WORDS.actions[name]
    turns = WORDS.turns(action, language, TEXTS)
    if action.kind is ActionKind.EDIT:
        reason = WORDS.frame(language).reasons.broken
        request = WORDS.request(action, language, TEXTS)
        turns = WORDS.retry_turns(turns, b"```python\nx\n```", reason, language, request)
    return "".join(f"[{turn.speaker.value}]\n{turn.content.decode()}\n" for turn in turns)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", WORDS.actions)
def test_prompt(name: str, language: str) -> None:
    place = GOLDEN / f"{name}.{language}.txt"
    assert rendered(name, language) == place.read_text("utf-8")


def test_every_action_speaks_both_languages() -> None:
    for action in WORDS.actions.values():
        assert set(action.titles) == set(action.requests) == {"en", "zh"}
        assert action.needs_instruction == ("{instruction}" in action.requests["en"])


def test_other_languages_get_english() -> None:
    assert WORDS.frame("fr") is WORDS.frame("en")
    assert WORDS.frame("zh-CN") is WORDS.frame("zh")


@pytest.mark.parametrize(
    ("text", "language"), [("", "en"), ("Why?", "en"), ("改成异步 please", "zh")]
)
def test_the_language_of_words(text: str, language: str) -> None:
    assert language_of_words(text) == language
