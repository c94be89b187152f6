"""Models are recognised by architecture, control tokens and name; the packaged data is sound."""

from __future__ import annotations

import pytest

from engine.inference.language_model import Sampling
from engine.prompts.catalog import Catalog
from engine.prompts.family import Order
from tests.engine.prompts.models import ModelCase, facts_of_family, model_cases

CATALOG = Catalog.load()
CASES = model_cases()
ALL_CASES = CASES.models + CASES.others


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.name)
def test_recognises(case: ModelCase) -> None:
    assert CATALOG.recognise(case.facts()).name == case.family


def test_there_is_a_model_of_every_family() -> None:
    assert {case.family for case in CASES.models} == set(CATALOG.families)


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.name)
def test_stop_tokens_are_tokens_of_the_model(case: ModelCase) -> None:
    stops = CATALOG.recognise(case.facts()).stop_tokens
    assert set(stops) <= set(case.control_tokens)


@pytest.mark.parametrize(
    "case", [case for case in CASES.models if case.family != "plain"], ids=lambda case: case.family
)
def test_every_control_token_of_the_form_ends_an_answer(case: ModelCase) -> None:
    family = CATALOG.recognise(case.facts())
    assert family.fim is not None
    written = {piece for piece in family.fim.layout if piece in case.control_tokens}
    assert written
    assert written <= set(family.stop_tokens)


ORDERS = [("codestral", Order.SUFFIX_FIRST), ("mellum", Order.SUFFIX_FIRST)] + [
    (name, Order.PREFIX_FIRST)
    for name in ("qwen2.5-coder", "codeshell", "starcoder2", "codellama", "deepseek-coder")
]


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_knows_which_side_comes_first(name: str, order: Order) -> None:
    fim = CATALOG.recognise(facts_of_family(name)).fim
    assert fim is not None
    assert fim.order is order


def test_card_says_what_an_unknown_model_cannot_do() -> None:
    notes = " ".join(CATALOG.recognise(facts_of_family("plain")).notes)
    assert "before the caret only" in notes
    assert "no chat template" in notes


def test_card_says_that_the_files_own_template_is_used() -> None:
    family = CATALOG.recognise(facts_of_family("starcoder2", "{{ messages[0].content }}"))
    assert family.chat_template
    assert not family.stop_texts
    assert any("process of its own" in note for note in family.notes)


def test_declared_turns_are_preferred_to_the_files_template() -> None:
    family = CATALOG.recognise(facts_of_family("qwen2.5-coder", "{{ messages[0].content }}"))
    assert not family.chat_template
    assert family.notes == ()


def test_repository_form_needs_its_tokens() -> None:
    facts = facts_of_family("qwen2.5-coder")
    tokens = tuple(token for token in facts.control_tokens if token != "<|file_sep|>")
    case = ModelCase("qwen2.5-coder", facts.name, facts.architecture, tokens)
    assert CATALOG.recognise(facts).shows_other_files
    family = CATALOG.recognise(case.facts())
    assert family.fim is not None
    assert not family.shows_other_files


def test_sampling_is_the_makers_but_for_what_code_needs() -> None:
    sampling = CATALOG.recognise(facts_of_family("qwen2.5-coder")).sampling
    assert isinstance(sampling, Sampling)
    assert (sampling.top_k, sampling.top_p, sampling.min_p) == (20, 0.8, 0.0)
    assert 0 < sampling.temperature <= 0.3
    assert CATALOG.recognise(facts_of_family("starcoder2")).sampling is None


ENGLISH, CHINESE = "You are Limpet", "你是 Limpet"


@pytest.mark.parametrize(
    ("asked", "begin"),
    [
        ("en", ENGLISH),
        ("", ENGLISH),
        ("fr", ENGLISH),
        ("zh", CHINESE),
        ("zh-CN", CHINESE),
        ("zh_TW", CHINESE),
    ],
)
def test_instructions_come_in_the_users_language(asked: str, begin: str) -> None:
    assert CATALOG.chat_task(asked).system.decode().startswith(begin)
