"""What the words of a command line mean."""

from __future__ import annotations

import pytest

from command_line.arguments import UsageProblem, build_parser

# words: some of what they are parsed to
MEANINGS: dict[str, dict[str, object]] = {
    "": {"run": "command_line.commands.chat", "model": "", "file": [], "json": False},
    "chat -m small -f a.py": {"run": "command_line.commands.chat", "model": "small"},
    "ask why not -f a.py -f b.py:1-2": {
        "question": ["why", "not"],
        "file": ["a.py", "b.py:1-2"],
        "json": False,
        "temperature": None,
        "seed": 0,
    },
    "ask q --temperature 0 --seed 18446744073709551615": {
        "temperature": 0.0,
        "seed": 2**64 - 1,
    },
    "complete a.py:1:2 --json": {"place": "a.py:1:2", "json": True, "jsonl": False},
    "models": {"action": "list", "json": False},
    "models --json": {"action": "list", "json": True},
    "models --json list": {"action": "list", "json": True},
    "models show default --json": {"action": "show", "name": "default", "json": True},
    "models import a.gguf --as mine": {"action": "import", "given_name": "mine"},
    "engine": {"action": "status"},
    "engine logs -f": {"action": "logs", "follow": True, "lines": 50},
}
PROBLEMS = {
    "ask q --temperature 2.1": "from 0 to 2",
    "ask q --temperature warm": "from 0 to 2",
    "ask q --max-tokens 1.5": "whole number",
    "ask q --seed 18446744073709551616": "below",
    "ask q --lang en": "unrecognized",
    "models show": "NAME",
    "engine dance": "dance",
}


@pytest.mark.parametrize("words", MEANINGS)
def test_meaning(words: str) -> None:
    parsed = vars(build_parser().parse_args(words.split()))
    assert {name: parsed[name] for name in MEANINGS[words]} == MEANINGS[words]


@pytest.mark.parametrize("words", PROBLEMS)
def test_problem(words: str) -> None:
    with pytest.raises(UsageProblem, match=PROBLEMS[words]) as caught:
        build_parser().parse_args(words.split())
    assert caught.value.usage.startswith("usage: limpet")
