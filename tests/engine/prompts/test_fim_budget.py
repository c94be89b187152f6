"""The text around a caret is cut to its budgets, and the cut stays put while one types."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.prompts.fim_budget import fit_fim
from engine.prompts.turns import FimParts
from tests.engine.prompts.words_model import WordsModel, facts_of

LINE = b"    value = compute(value, 1)\n"
FILE = b"".join(b"line %06d = value + 1\n" % number for number in range(2000))


def model(bytes_per_token: int = 4) -> WordsModel:
    return WordsModel(facts_of(), bytes_per_token)


def fit(parts: FimParts, prefix_tokens: int, suffix_tokens: int, size: int = 4) -> FimParts:
    return asyncio.run(
        fit_fim(model(size), parts, prefix_tokens=prefix_tokens, suffix_tokens=suffix_tokens)
    )


def tokens(text: bytes, size: int = 4) -> int:
    return -(-len(text) // size)


def test_small_texts_are_not_even_counted() -> None:
    counting = model()
    parts = FimParts(b"a" * 100, b"b" * 50, b"mid")
    fitted = asyncio.run(fit_fim(counting, parts, prefix_tokens=100, suffix_tokens=50))
    assert fitted is parts
    assert counting.asked == 0


def test_large_texts_are_counted_once() -> None:
    counting = model()
    parts = FimParts(FILE * 20, FILE * 20)
    asyncio.run(fit_fim(counting, parts, prefix_tokens=500, suffix_tokens=200))
    assert counting.asked == 1


def test_cuts_at_lines_and_keeps_the_rest() -> None:
    parts = FimParts(FILE, FILE, b"middle", "a.py", "r")
    fitted = fit(parts, 500, 200)
    assert FILE.endswith(fitted.prefix)
    assert FILE[: -len(fitted.prefix)].endswith(b"\n")
    assert FILE.startswith(fitted.suffix)
    assert fitted.suffix.endswith(b"\n")
    assert (fitted.middle, fitted.path, fitted.repository) == (b"middle", "a.py", "r")
    assert 0.7 * 500 <= tokens(fitted.prefix) <= 500
    assert 0.9 * 200 <= tokens(fitted.suffix) <= 200


def test_text_that_fits_is_kept_whole_although_it_has_more_bytes_than_tokens() -> None:
    parts = FimParts(LINE * 20, LINE * 10)
    assert fit(parts, 200, 100) == parts


def test_the_first_token_stays_while_one_types() -> None:
    starts: list[int] = []
    typed = b"for item in items:\n    total = total + item\n" * 60
    for count in range(0, len(typed), 7):
        text = FILE + typed[:count]
        starts.append(len(text) - len(fit(FimParts(text, b""), 500, 100).prefix))
    moves = sum(before != after for before, after in itertools.pairwise(starts))
    # A move makes room for a quarter of the budget, so it comes once in about 125 typed tokens.
    assert starts == sorted(starts)
    assert 1 <= moves <= tokens(typed) / 125 * 2
    assert moves < len(starts) / 50


def test_an_edit_behind_the_cut_does_not_move_it() -> None:
    kept = fit(FimParts(FILE, b""), 500, 100).prefix
    edited = FILE[:-300] + b"# a new line\n" + FILE[-300:]
    after = fit(FimParts(edited, b""), 500, 100).prefix
    assert after.startswith(kept[:-300])


CASES = [
    ("no line break at all", b"x" * 10_000, b"y" * 10_000),
    ("characters of three bytes, no line break", "中".encode() * 4000, "文".encode() * 4000),
    ("carriage returns only", b"a = 1\r" * 2000, b"b = 2\r" * 2000),
    ("CRLF", b"a = 1\r\n" * 2000, b"b = 2\r\n" * 2000),
    ("one long first line", b"z" * 9000 + b"\nab\n", b"z" * 9000 + b"\nab\n"),
    ("one long last line", b"ab\n" + b"z" * 9000, b"ab\n" + b"z" * 9000),
    ("empty lines", b"\n" * 9000, b"\n" * 9000),
    ("invalid UTF-8", b"\x80\xff" * 5000, b"\x80\xff" * 5000),
]


@pytest.mark.parametrize(("prefix", "suffix"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
@pytest.mark.parametrize("size", [1, 3, 4])
def test_odd_texts_are_cut_to_fit_and_not_to_nothing(
    prefix: bytes, suffix: bytes, size: int
) -> None:
    fitted = fit(FimParts(prefix, suffix), 400, 200, size)
    assert prefix.endswith(fitted.prefix)
    assert suffix.startswith(fitted.suffix)
    assert 0 < tokens(fitted.prefix, size) <= 401
    assert 0 < tokens(fitted.suffix, size) <= 201
    if "中".encode() in prefix:
        fitted.prefix.decode()
        fitted.suffix.decode()


@given(
    st.text(alphabet="ab 中\n", max_size=400).map(str.encode),
    st.text(alphabet="ab 中\n", max_size=400).map(str.encode),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(1, 5),
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_cut_to_any_budget(
    prefix: bytes, suffix: bytes, prefix_tokens: int, suffix_tokens: int, size: int
) -> None:
    fitted = fit(FimParts(prefix, suffix), prefix_tokens, suffix_tokens, size)
    assert prefix.endswith(fitted.prefix)
    assert suffix.startswith(fitted.suffix)
    assert tokens(fitted.prefix, size) <= prefix_tokens
    assert tokens(fitted.suffix, size) <= suffix_tokens
