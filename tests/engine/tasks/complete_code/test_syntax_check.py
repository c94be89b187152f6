"""A suggestion never breaks a text that parses; one that does not says nothing."""

from __future__ import annotations

import pytest

from engine.retrieval.parsed_text import parse
from engine.tasks.complete_code.question import Suggestion
from engine.tasks.complete_code.syntax_check import SyntaxKeeper, mended

# A text with the caret, the suggestion, and what is left of it.
_CASES = [
    ("def f():\n    return 1\n    ‸\n", "x = 1", "x = 1"),
    ("def f(a):\n    return (a ‸)\n", "+ 1)", "+ 1"),
    ("x = f(‸)\n", "1, 2)", "1, 2"),
    ("x = f(‸)\n", "1, (2", None),
    ("‸\nx = 1\n", "for a in b:", "for a in b:"),
    ("‸\nx = 1\n", "for a in b:\n    c()\n    d(", "for a in b:\n    c()"),
    ("‸\nx = 1\n", "for a in b:\n    c()", "for a in b:\n    c()"),
    ("if a:\n    x = '<b‸\ny = 1\n", ">' % (", None),
    ("if a:\n    x = '<b‸\ny = 1\n", ">' % (\n        b)", ">' % (\n        b)"),
    ("x = 'a‸\ny = (\n", "b' (", "b' ("),
]


@pytest.mark.parametrize(("marked", "text", "expected"), _CASES)
def test_mended(marked: str, text: str, expected: str | None) -> None:
    head, _, tail = marked.partition("‸")
    found = mended(parse("a.py", (head + tail).encode()), len(head), Suggestion(text.encode()))
    assert (found.text.decode() if found else None) == expected


def test_a_language_without_grammar_is_left_alone() -> None:
    suggestion = Suggestion(b"((((")
    assert mended(parse("a.txt", b"x"), 1, suggestion) is suggestion


def test_the_tree_is_kept_in_step() -> None:
    keeper = SyntaxKeeper()
    for text in (b"x = 1\n", b"x = 12\n", b"", b"y = f(1)\n", b"y = f(1\n"):
        parsed = keeper.parsed("a.py", text)
        fresh = parse("a.py", text)
        assert parsed is not None
        assert fresh is not None
        assert parsed.text == text
        assert str(parsed.root) == str(fresh.root)


# As above, in a language with braces.
_BRACED = [
    ("function f() {\n  if (a‸\n}\n", ") {", ") {"),
    ("function f() {\n  if (a‸\n}\n", " == (b) {", None),
    ("function f() {\n  return [a‸\n}\n", ", b];", ", b];"),
    ("function f() {\n  return [a‸\n}\n", ", (b];", None),
]


@pytest.mark.parametrize(("marked", "text", "expected"), _BRACED)
def test_mended_in_braces(marked: str, text: str, expected: str | None) -> None:
    head, _, tail = marked.partition("‸")
    found = mended(parse("a.js", (head + tail).encode()), len(head), Suggestion(text.encode()))
    assert (found.text.decode() if found else None) == expected
