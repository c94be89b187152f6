"""The syntax around a caret is known in every language, also in the middle of typing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.languages.grammars.grammar_facts import grammar_facts
from engine.retrieval.grammars import grammar_for, grammar_named
from engine.retrieval.parsed_text import MOST_BYTES, ParsedText, parse
from engine.retrieval.syntax import (
    enclosing_definition,
    enclosing_definitions,
    errors_in,
    flaws_of,
    is_in_string_or_comment,
    parses,
    scope_around,
    scope_end,
)

CASES = tomllib.loads((Path(__file__).parent / "syntax.toml").read_text("utf-8"))["cases"]
CARET = "‸".encode()
SAMPLES = {
    "a.py": b"class A:\n    def f(self, a):\n        return [a, 'b']\n",
    "A.java": b'class A { int f(int a) { return g(a, "b"); } }\n',
    "a.kt": b'fun f(a: Int): String { return "a$a" }\n',
    "a.js": b"function f(a) { return [`a`, a]; }\n",
    "a.ts": b"function f(a: number): string { return [`a`, a]; }\n",
    "a.tsx": b"const f = (a: P) => { return <div>{a.b}</div>; };\n",
    "a.go": b'package a\n\nfunc f(a int) string { return "b" }\n',
    "a.rs": b'fn f(a: i32) -> &str { g(a); "b" }\n',
    "a.c": b"int f(int a) { return g(a, 'b'); }\n",
    "a.cpp": b'int A::f(int a) { return g<int>(a, "b"); }\n',
}


def parsed_at_caret(case: dict[str, Any]) -> tuple[ParsedText, int]:
    marked = case["text"].encode()
    offset = marked.index(CARET)
    parsed = parse(case["path"], marked.replace(CARET, b""))
    assert parsed is not None
    return parsed, offset


def line_at(text: bytes, offset: int) -> str:
    start = text.rfind(b"\n", 0, offset) + 1
    return text[start:].partition(b"\n")[0].decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_around_the_caret(case: dict[str, Any]) -> None:
    parsed, offset = parsed_at_caret(case)
    assert is_in_string_or_comment(parsed, offset) is case["string"]
    if "scope" in case:
        end = scope_end(parsed, offset)
        assert end is not None
        assert line_at(parsed.text, end) == case["scope"]
    if "definition" in case:
        definition = enclosing_definition(parsed, offset)
        assert definition is not None
        assert line_at(parsed.text, definition.start) == case["definition"]
        assert parsed.text.count(b"\n", 0, definition.start) == definition.first_line


@pytest.mark.parametrize("name", sorted(grammar_facts()))
def test_every_kind_of_node_is_one_of_the_grammar(name: str) -> None:
    grammar = grammar_named(name)
    assert grammar is not None
    facts = grammar.facts
    kinds = facts.strings | facts.comments | facts.imports | facts.functions | facts.types
    kinds |= facts.scopes | facts.interpolations | facts.wrappers | facts.attributes
    unknown = [kind for kind in kinds if not grammar.language.id_for_node_kind(kind, True)]
    assert unknown == []


@pytest.mark.parametrize("path", sorted(SAMPLES))
def test_samples_parse_and_no_longer_without_a_bracket(path: str) -> None:
    text = SAMPLES[path]
    assert errors_in(text, path) == ()
    parsed = parse(path, text)
    assert parsed is not None
    brackets = [place for place in range(len(text)) if text[place] in b"()[]{}"]
    assert brackets
    for place in brackets:
        without = parsed.edited(place, place + 1, b"")
        assert without is not None
        assert not parses(without)
    longer = parsed.edited(0, 0, b"\n")
    assert longer is not None
    assert parses(longer)


def test_a_text_that_did_not_parse_may_do_so_after_an_edit() -> None:
    parsed = parse("a.py", b"x = foo(\n")
    assert parsed is not None
    assert not parses(parsed)
    after = parsed.edited(8, 8, b"1)")
    assert after is not None
    assert parses(after)
    assert after.text == b"x = foo(1)\n"
    assert not parses(parsed)


def test_flaws_say_what_is_missing() -> None:
    (flaw,) = errors_in(b"class A { int f() { return 1; }", "A.java") or ()
    assert flaw.missing == "}"


@pytest.mark.parametrize("path", ["a.txt", "a.css", "a.unknown", "Makefile", ""])
def test_languages_without_a_grammar(path: str) -> None:
    assert grammar_for(path) is None
    assert parse(path, b"x {") is None
    assert errors_in(b"x {", path) is None


def test_texts_that_are_too_long_are_not_parsed() -> None:
    assert parse("a.py", b"x\n" * MOST_BYTES) is None
    parsed = parse("a.py", b"x\n")
    assert parsed is not None
    assert parsed.edited(0, 0, b" " * MOST_BYTES) is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize("path", sorted(SAMPLES))
@pytest.mark.parametrize("piece", [b"(", b"a<", b"if(a){", b"f(a, {b: ", b"x = [\n", b'"'])
def test_thousands_of_open_brackets_are_no_trouble(path: str, piece: bytes) -> None:
    """Some of these took a minute."""
    parsed = parse(path, piece * (100_000 // len(piece)))
    if parsed is None:
        return
    middle = len(parsed.text) // 2
    assert is_in_string_or_comment(parsed, middle) in (True, False)
    scope_around(parsed, middle)
    enclosing_definitions(parsed, middle)
    flaws_of(parsed)


EDITS = st.lists(
    st.tuples(
        st.integers(-5, 200),
        st.integers(0, 20),
        st.one_of(st.binary(max_size=12), st.sampled_from([b"{", b"}", b"(", b'"', b"\n    "])),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(sorted(SAMPLES)), edits=EDITS)
def test_any_edits_give_what_a_fresh_parse_gives_and_every_question_an_answer(
    path: str, edits: list[tuple[int, int, bytes]]
) -> None:
    parsed = parse(path, SAMPLES[path])
    assert parsed is not None
    for start, length, new in edits:
        after = parsed.edited(start, start + length, new)
        assert after is not None
        parsed = after
    assert parsed.root.end_byte <= len(parsed.text)
    assert len(flaws_of(parsed)) == 0 or not parses(parsed)
    for offset in range(0, len(parsed.text) + 1, 7):
        is_in_string_or_comment(parsed, offset)
        scope = scope_around(parsed, offset)
        if scope is not None:
            assert 0 <= scope.start <= offset <= max(scope.end, offset) <= len(parsed.text)
            assert scope.content_end <= scope.end
        for found in enclosing_definitions(parsed, offset):
            assert 0 <= found.start <= found.end <= len(parsed.text)


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(sorted(SAMPLES)), text=st.binary(max_size=300))
def test_any_bytes_parse_somehow(path: str, text: bytes) -> None:
    parsed = parse(path, text)
    assert parsed is not None
    is_in_string_or_comment(parsed, len(text))
    scope_around(parsed, len(text) // 2)
    enclosing_definition(parsed, len(text))
