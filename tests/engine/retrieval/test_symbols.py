"""Each language's definitions are found with their signatures and their documentation."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.languages.grammars.grammar_facts import grammar_facts
from engine.retrieval.grammars import grammar_for
from engine.retrieval.parsed_text import parse
from engine.retrieval.symbols import (
    MOST_DEFINITIONS,
    MOST_DOC_BYTES,
    MOST_SIGNATURE_BYTES,
    definitions_in,
)

CASES = tomllib.loads((Path(__file__).parent / "symbols.toml").read_text("utf-8"))["cases"]


def described(path: str, text: bytes) -> list[str]:
    parsed = parse(path, text)
    assert parsed is not None
    return [
        b" | ".join((one.kind.encode(), one.parent, one.name, one.signature, one.doc))
        .replace(b"\n", " ⏎ ".encode())
        .decode()
        .rstrip()
        for one in definitions_in(parsed)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["path"])
def test_definitions(case: dict[str, Any]) -> None:
    expected = case["definitions"].splitlines()
    assert described(case["path"], case["text"].encode()) == expected


def test_every_grammar_has_a_case() -> None:
    grammars = {grammar_for(case["path"], case["text"].encode()) for case in CASES}
    assert {grammar.name for grammar in grammars if grammar} == set(grammar_facts())


def test_lines_are_those_of_the_definitions() -> None:
    parsed = parse("a.py", b"\n\n@cached\ndef f():\n    pass\n\nX = 1\n")
    assert parsed is not None
    assert [(one.name, one.line) for one in definitions_in(parsed)] == [(b"f", 2), (b"X", 6)]


def test_signatures_are_clipped() -> None:
    long = b"def f(" + b", ".join(b"argument_%d: int" % number for number in range(500)) + b"): ..."
    parsed = parse("a.py", long + b'\n\ndef g():\n    """' + b"word " * 500 + b'"""\n')
    assert parsed is not None
    first, second = definitions_in(parsed)
    assert len(first.signature) <= MOST_SIGNATURE_BYTES
    assert len(second.doc) <= MOST_DOC_BYTES


def test_the_comment_above_counts_and_not_those_far_above() -> None:
    text = b"// first\n" + b"// more\n" * 3 + b"func f() {}\n\n// apart\n\nfunc g() {}\n"
    parsed = parse("a.go", text)
    assert parsed is not None
    assert [(one.name, one.doc) for one in definitions_in(parsed)] == [
        (b"f", b"first"),
        (b"g", b""),
    ]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("path", ["a.py", "A.java", "a.kt", "a.ts", "a.go", "a.rs", "a.c", "a.cpp"])
@pytest.mark.parametrize("piece", [b"(", b"{", b"a<", b"if(a){", b"// x\n", b"'", b"f(int a);"])
def test_rubble_is_given_up_soon(path: str, piece: bytes) -> None:
    """Some of these took a minute."""
    parsed = parse(path, piece * (200_000 // len(piece)))
    assert parsed is None or len(definitions_in(parsed)) <= MOST_DEFINITIONS


def test_only_so_many() -> None:
    parsed = parse("a.py", b"def f(): pass\n" * 50)
    assert parsed is not None
    assert len(definitions_in(parsed, most=7)) == 7


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [case["text"].encode()[start : start + 40] for case in CASES for start in (0, 30, 90)]
        ),
        st.sampled_from([b"{", b"}", b"(", b")", b'"', b"'", b"\n", b"class ", b"/*", b"<", b";"]),
        st.binary(max_size=10),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from([case["path"] for case in CASES]), pieces=PIECES)
def test_any_text_has_some_definitions_or_none(path: str, pieces: list[bytes]) -> None:
    text = b"".join(pieces)
    parsed = parse(path, text)
    assert parsed is not None
    for one in definitions_in(parsed):
        assert one.name in text
        assert one.line <= text.count(b"\n")
