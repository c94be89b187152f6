"""What is code in a text, and what only says something about it."""

from __future__ import annotations

import pytest

from engine.retrieval.code_signs import signs_of


@pytest.mark.parametrize(
    ("path", "bare", "documented"),
    [
        ("a.py", "def f(x):\n    return x\n", 'def f(x):\n    """Say."""\n    return x  # so\n'),
        (
            "A.java",
            "class A { int f() { return 1; } }",
            "/** A. */ class A { int f() { return 1; } }",
        ),
        ("a.kt", "fun f(): Int = 1\n", "/**\n * One.\n */\nfun f(): Int = 1\n"),
        ("a.ts", "const a = 1;\n", "// one\nconst a = 1;\n"),
    ],
)
def test_documentation_is_no_code(path: str, bare: str, documented: str) -> None:
    assert signs_of(path, bare.encode()) == signs_of(path, documented.encode())


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.py", "a = 'x'\n", "a = 'y'\n"),
        ("a.py", "f('x')\n", "f()\n"),
        ("A.java", "class A { int a = 1; }", "class A { int a = 2; }"),
        ("a.kt", "val a = 1\n", "var a = 1\n"),
    ],
)
def test_code_counts(path: str, one: str, other: str) -> None:
    assert signs_of(path, one.encode()) != signs_of(path, other.encode())


def test_nothing_is_known_without_a_grammar() -> None:
    assert signs_of("notes.md", b"# A\n") is None
