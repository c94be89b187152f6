"""Guesses of one answer: from where, and how sure."""

from __future__ import annotations

from array import array

import pytest

from engine.inference.drafting.acceptance import Acceptance
from engine.inference.drafting.drafter import MOST_GUESSES, Drafter

SOURCE = b"alpha = beta(gamma); delta = epsilon(zeta)"


def proposed(text: bytes, resembles: list[bytes] | None = None) -> bytes:
    """Return the first guesses after a text, which for this test has a token a byte."""
    drafter = Drafter([list(each) for each in resembles or []])
    return bytes(drafter.propose(array("i", list(text))).tokens)


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        (SOURCE + b"\nalpha = b", b"eta(gamma); delta = eps"),
        (SOURCE + b"\n~", b""),  # nothing like it
        (b"one two one tw", b"o one tw"),  # up to what is known
        (b"ab1 ab2 ab", b"2 ab"),  # of equal matches the last
        (b"xab1 yab2 xab", b"1 yab2 xab"),  # a longer match before a later one
        (b"", b""),
        (b"a", b""),
    ],
)
def test_the_text_goes_on_as_it_did_before(text: bytes, guess: bytes) -> None:
    assert proposed(text) == guess


def test_a_resembled_text_is_a_source_up_to_its_end() -> None:
    assert proposed(b"def f(", [b"def f(x):", b"other"]) == b"x):"


def test_guesses_come_back_after_a_change() -> None:
    """A new word instead of `beta`: the one sign behind it is enough to be found again."""
    drafter = Drafter()
    text = SOURCE + b"\nalpha = "
    assert bytes(drafter.propose(array("i", list(text))).tokens).startswith(b"beta(")
    for letter in b"NEW":
        text += bytes([letter])
        drafter.propose(array("i", list(text)))
    text += b"("
    assert bytes(drafter.propose(array("i", list(text))).tokens).startswith(b"gamma); delta")


def test_a_name_that_was_changed_once_is_guessed_in_its_new_form() -> None:
    source = b"use(name); set(name); get(name); end(name)"
    text = source + b"\n"
    drafter = Drafter()
    for letter in b"use(WORD); se":
        drafter.propose(array("i", list(text)))
        text += bytes([letter])
    assert bytes(drafter.propose(array("i", list(text))).tokens) == b"t(WORD); get(WORD); end"
    # Where the old name comes after all, it counts again.
    for letter in b"t(name); ":
        text += bytes([letter])
        drafter.propose(array("i", list(text)))
    assert bytes(drafter.propose(array("i", list(text))).tokens) == b"get(name); end(name)\nus"


def test_survival_falls_and_follows_what_came() -> None:
    drafter = Drafter()
    text = SOURCE + b"\nalpha = "
    first = drafter.propose(array("i", list(text)))
    assert len(first.survival) == len(first.tokens) == MOST_GUESSES
    assert list(first.survival) == sorted(first.survival, reverse=True)
    text += SOURCE[8:28]
    after_success = drafter.propose(array("i", list(text)))
    assert after_success.survival[0] > first.survival[0]


def test_acceptance_learns_and_forgets() -> None:
    acceptance = Acceptance()
    expected = acceptance.rate(5)
    for _ in range(60):
        acceptance.learn(5, False)
    assert acceptance.rate(5) < 0.2
    assert acceptance.rate(2) == pytest.approx(Acceptance().rate(2))
    for _ in range(60):
        acceptance.learn(5, True)
    assert acceptance.rate(5) > max(0.85, expected)
    assert 0.0 < acceptance.rate(0) < 1.0
    assert acceptance.rate(1000) < 1.0
