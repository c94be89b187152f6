"""Ends of answers, from cases in `stopping.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inference.scheduler.stopping import BlockEnd, StopTexts

_CASES = tomllib.loads(Path(__file__).with_name("stopping.toml").read_text("utf-8"))


def _named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in cases]


def _feed(stopping: StopTexts | BlockEnd, arrives: str) -> str:
    """Return what comes of tokens, in the cases' notation."""
    delivered: list[str] = []
    for token in arrives.split("|"):
        text, has_ended = stopping.feed(token.encode())
        delivered.append(text.decode() + "!" * has_ended)
    return "|".join(delivered)


@pytest.mark.parametrize("case", _named(_CASES["stop_texts"]))
def test_stop_texts(case: dict[str, Any]) -> None:
    texts = tuple(text.encode() for text in case["stops"])
    stopping = StopTexts(texts, after_text=case.get("after_text", False))
    assert _feed(stopping, case["arrives"]) == case["delivered"]


@pytest.mark.parametrize("case", _named(_CASES["block_end"]))
def test_block_end(case: dict[str, Any]) -> None:
    assert _feed(BlockEnd(case["least"]), case["arrives"]) == case["delivered"]


_PIECES = st.lists(st.text("ab\n ", max_size=4), max_size=12)


@given(_PIECES, st.lists(st.text("ab\n", min_size=1, max_size=3), max_size=3))
def test_where_tokens_end_makes_no_difference_to_stop_texts(
    pieces: list[str], stops: list[str]
) -> None:
    stopping = StopTexts(tuple(text.encode() for text in stops))
    delivered, has_ended = b"", False
    for piece in pieces:
        text, has_ended = stopping.feed(piece.encode())
        delivered += text
        if has_ended:
            break
    if not has_ended:
        delivered += stopping.rest()
    whole = "".join(pieces)
    # A token may complete a longer stop text that begins before a shorter one: what counts is
    # that nothing of the first completed one is delivered and nothing in front of it is lost.
    assert whole.encode().startswith(delivered)
    assert not any(stop.encode() in delivered for stop in stops)
    assert has_ended == any(stop in whole for stop in stops)
    if not has_ended:
        assert delivered == whole.encode()


@given(_PIECES, st.integers(1, 4))
def test_where_tokens_end_makes_no_difference_to_a_block(pieces: list[str], least: int) -> None:
    def delivered(tokens: list[str]) -> tuple[bytes, bool]:
        block, text, has_ended = BlockEnd(least), b"", False
        for token in tokens:
            more, has_ended = block.feed(token.encode())
            text += more
            if has_ended:
                break
        return text, has_ended

    assert delivered(pieces) == delivered(["".join(pieces)])
