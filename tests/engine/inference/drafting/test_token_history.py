"""Earlier occurrences of a text's end, against a plain search."""

from __future__ import annotations

import time
from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.inference.drafting.token_history import MOST_MATCHED, TokenHistory

_TOKENS = st.lists(st.integers(0, 2), max_size=80)


def plain_search(tokens: list[int]) -> tuple[list[int], int]:
    """Return what `longest_matches` must return."""
    for length in range(min(MOST_MATCHED, len(tokens) - 1), 0, -1):
        end = tokens[-length:]
        found = [
            at + length for at in range(len(tokens) - length) if tokens[at : at + length] == end
        ]
        if found:
            return found, length
    return [], 0


@given(_TOKENS, st.lists(_TOKENS, max_size=2), st.integers(1, 7))
def test_the_longest_matches(tokens: list[int], others: list[list[int]], step: int) -> None:
    history = TokenHistory(others)
    for begin in range(0, len(tokens), step):
        history.extend(array("i", tokens[begin : begin + step]))
    whole = [token for other in others for token in (*other, -1)] + tokens
    if not tokens:
        return
    positions, length = history.longest_matches()
    assert (positions.tolist(), length) == plain_search(whole)


@given(_TOKENS, st.integers(0, 90), st.integers(0, 90))
def test_the_first_occurrence_of_the_last_token(tokens: list[int], begin: int, end: int) -> None:
    history = TokenHistory()
    history.extend(array("i", tokens))
    wanted = -1
    for at in range(begin, min(end, len(tokens) - 1)):
        if tokens[at] == tokens[-1]:
            wanted = at + 1
            break
    assert history.first_occurrence(begin, end) == wanted


def test_what_follows_never_goes_over_a_gap() -> None:
    history = TokenHistory([[1, 2, 3], [4, 5]])
    history.extend(array("i", [6, 7]))
    assert [history.after(at, 3) for at in (0, 1, 4, 7, 8)] == [
        [1, 2, 3],
        [2, 3],
        [4, 5],
        [6, 7],
        [7],
    ]


def test_long_texts_are_searched_in_much_less_than_a_decode() -> None:
    history = TokenHistory()
    numbers = np.random.default_rng(1).zipf(1.3, 16_384) % 50_000
    history.extend(array("i", numbers.tolist()))
    times = []
    for token in range(40):
        begun = time.perf_counter()
        history.longest_matches()
        times.append(time.perf_counter() - begun)
        history.extend(array("i", [token]))
    # Some ten microseconds; the fastest counts on a busy machine.
    assert min(times) < 0.001
