"""What is on the screen after an answer was drawn piece by piece."""

from __future__ import annotations

import re

import pytest

from command_line.chat.answer_view import AnswerView
from rpc.chat import AnswerBegan
from rpc.failures import EngineGone
from tests.command_line.terminal_screen import TerminalScreen, console_on

LONG_CODE = "\n".join(f"value_{number} = {number}" for number in range(100))
LONG_LIST = "\n".join(f"- item {number}" for number in range(60))
LONG_PROSE = "\n\n".join(f"Paragraph {number} of the answer." for number in range(40))

# name: (answer, what is seen in the end)
ANSWERS: dict[str, tuple[str, str]] = {
    "one line": ("Hello.", "Hello."),
    "paragraphs": ("One.\n\nTwo.\n", "One.\n\nTwo."),
    "code": ("See:\n\n```python\na = 1\n\nb = 2\n```\n\nDone.", "See:\n\na = 1\n\nb = 2\n\nDone."),
    "fence that never closes": ("```\na\n  b", "a\n  b"),
    "code longer than the screen": (f"```python\n{LONG_CODE}\n```\n", LONG_CODE),
    "list longer than the screen": (LONG_LIST, LONG_LIST.replace("- ", " • ")),
    "many paragraphs": (LONG_PROSE, LONG_PROSE),
    "tags are text": ("Use <b> and List<String>.", "Use <b> and List<String>."),
    "heading": ("# Title\n\nText", "Title\n\nText"),
    "link": ("[here](http://a.example/b)", "here (http://a.example/b)"),
    "image": ("See ![x](http://a.example/p.png)!", "See ![x](http://a.example/p.png)!"),
    "reference": (
        "![x][1]\n\n[1]: http://a.example/p.png",
        "![x][1]\n\n[1]: http://a.example/p.png",
    ),
    "escape sequence": ("a \x1b]0;b\x07 \x1b[2J c", "a \\x1b]0;b\\x07 \\x1b[2J c"),
    "escape in code": ("```\n\x1b[2Jx\n```", "\\x1b[2Jx"),
    "bidi": ("if \u202ex", "if \\u202ex"),
    "bidi by reference": ("if &#x202e;x", "if \\u202ex"),
    "bidi in a link": ("[a](<http://b\u202e>)", "a (http://b%5Cu202e)"),
    "markup of rich": ("[red]x[/red] :smile:", "[red]x[/red] :smile:"),
    "wide": ("代码补全 🐚", "代码补全 🐚"),
    "empty": ("", ""),
}


@pytest.mark.parametrize("piece_length", [1, 7, 10_000])
@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_is_lost_or_left_over(name: str, piece_length: int) -> None:
    answer, seen = ANSWERS[name]
    screen = TerminalScreen()
    view = AnswerView(console_on(screen))
    content = answer.encode()
    with view:
        view.began(AnswerBegan(prompt_tokens=9, context_length=99, dropped_turns=0))
        for piece in pieces(answer, piece_length):
            view.text(piece)
    # pyte leaves an empty cell beside a wide character, as terminals do.
    assert unpadded(screen.text) == unpadded(seen)
    assert bytes(view.content) == content


def test_an_interrupted_answer_stays() -> None:
    screen = TerminalScreen()
    view = AnswerView(console_on(screen))

    def interrupted() -> None:
        with view:
            view.text(b"Half of a sen")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert screen.text == "Half of a sen"


def test_an_answer_that_starts_again_is_marked_and_kept_once() -> None:
    screen = TerminalScreen()
    view = AnswerView(console_on(screen))
    with view:
        view.text(b"First")
        view.starts_again(EngineGone("The engine went away."))
        assert bytes(view.content) == b"First"
        view.text(b"Second")
    text = re.sub(r"\s+", " ", screen.text)
    assert text == "First The engine went away. The answer starts again from its beginning: Second"
    assert bytes(view.content) == b"Second"


def pieces(text: str, length: int) -> list[bytes]:
    return [text[start : start + length].encode() for start in range(0, len(text), length)]


def unpadded(text: str) -> str:
    return "\n".join(re.sub(r"(?<=[\u2e80-\U0001ffff]) ", "", line) for line in text.split("\n"))
