"""However a prompt was read and beside whatever: a greedy answer equals the bare loop's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.inference.language_model import Priority, Sampling
from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.runtime import DecodeOutcome
from engine.inference.scheduler.job import NO_SEQUENCE
from tests.engine.inference.llama.bare_loop import BareAnswer, BareLoop
from tests.engine.inference.scheduler.desk import Desk

MOST = 24
CODE = b'''\
class Account:
    """An account of somebody."""

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    def deposit(self, amount):
        """Put money in."""
        self.balance += amount
        return self.balance

    def withdraw(self, amount):
'''
OTHER = b"def fibonacci(n):\n    if n < 2:\n        return n\n"


@pytest.fixture(scope="module")
def bare(model_path: Path) -> Iterator[BareLoop]:
    loop = BareLoop(model_path)
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def expected(bare: BareLoop, opened: LlamaRuntime) -> dict[bytes, BareAnswer]:
    return {text: bare.answer(tokens_of(opened, text), MOST) for text in (CODE, OTHER)}


@pytest.fixture
def desk(runtime: LlamaRuntime) -> Desk[LlamaRuntime]:
    return Desk(runtime)


def tokens_of(runtime: LlamaRuntime, text: bytes) -> list[int]:
    return runtime.opening_tokens() + runtime.tokenize(text, special=False)


def ask(desk: Desk[LlamaRuntime], text: bytes, priority: Priority = Priority.CHAT) -> int:
    return desk.submit(
        tokens_of(desk.runtime, text), most=MOST, priority=priority, wants_probabilities=True
    )


def answered(desk: Desk[LlamaRuntime], number: int) -> tuple[int, ...]:
    job = desk.jobs[number]
    return tuple(job.tokens[job.prompt_length :])


def test_from_an_empty_cache(desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]) -> None:
    number = ask(desk, CODE)
    desk.finish_all()
    assert answered(desk, number) == expected[CODE].tokens
    assert len(set(expected[CODE].tokens)) > 4, "an answer of one token over and over shows little"
    text = b"".join(desk.runtime.token_text(token) for token in expected[CODE].tokens)
    assert desk.texts[number] == text


def test_log_probabilities(desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]) -> None:
    number = ask(desk, CODE)
    desk.finish_all()
    wanted = expected[CODE].log_probabilities
    assert desk.probabilities[number] == pytest.approx(wanted, abs=0.02)


def test_from_a_cached_beginning(
    desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]
) -> None:
    warming = desk.submit(tokens_of(desk.runtime, CODE), most=0)
    desk.finish_all()
    number = ask(desk, CODE)
    desk.finish_all()
    assert desk.jobs[warming].figures().cached_tokens == 0
    assert desk.jobs[number].figures().cached_tokens == desk.jobs[number].prompt_length - 1
    assert answered(desk, number) == expected[CODE].tokens


def test_from_a_beginning_shared_with_another_answer(
    desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]
) -> None:
    half = len(CODE) // 2
    other = ask(desk, CODE[:half] + b"\n# something else\n")
    desk.step_until_answering(other)
    number = ask(desk, CODE)
    desk.finish_all()
    assert desk.jobs[number].figures().cached_tokens > 0
    assert answered(desk, number) == expected[CODE].tokens


def test_two_at_once(desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]) -> None:
    numbers = {text: ask(desk, text) for text in (OTHER, CODE)}
    desk.finish_all()
    assert {text: answered(desk, number) for text, number in numbers.items()} == {
        text: answer.tokens for text, answer in expected.items()
    }


def test_after_being_set_aside(runtime: LlamaRuntime, expected: dict[bytes, BareAnswer]) -> None:
    desk = Desk(runtime, most_running=1)
    chat = ask(desk, CODE)
    desk.step_until_answering(chat)
    desk.step(3)
    typing = ask(desk, OTHER, Priority.TYPING)
    desk.step()
    assert desk.jobs[chat].sequence == NO_SEQUENCE
    desk.finish_all()
    assert answered(desk, chat) == expected[CODE].tokens
    assert answered(desk, typing) == expected[OTHER].tokens
    assert desk.jobs[chat].figures().cached_tokens == 0


def test_after_an_interruption_in_the_prompt(
    desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]
) -> None:
    number = ask(desk, CODE)
    desk.runtime.request_abort(True)
    desk.step()
    assert desk.jobs[number].read == 0
    desk.runtime.request_abort(False)
    desk.finish_all()
    assert answered(desk, number) == expected[CODE].tokens


def test_after_an_interruption_between_two_answers(
    desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]
) -> None:
    numbers = {text: ask(desk, text) for text in (OTHER, CODE)}
    for number in numbers.values():
        desk.step_until_answering(number)
    desk.runtime.request_abort(True)
    desk.step()
    desk.runtime.request_abort(False)
    desk.finish_all()
    for text, number in numbers.items():
        assert answered(desk, number) == expected[text].tokens


def test_greedy_ignores_all_other_sampling(
    desk: Desk[LlamaRuntime], expected: dict[bytes, BareAnswer]
) -> None:
    sampling = Sampling(temperature=0.0, repeat_penalty=1.5, top_k=3)
    number = desk.submit(tokens_of(desk.runtime, OTHER), most=MOST, sampling=sampling)
    desk.finish_all()
    assert answered(desk, number) == expected[OTHER].tokens


def test_a_prompt_longer_than_a_batch(desk: Desk[LlamaRuntime], bare: BareLoop) -> None:
    # Read in pieces between the tokens of another answer.
    tokens = tokens_of(desk.runtime, OTHER + CODE + OTHER)[:300]
    wanted = bare.answer(tokens, 8)
    first = ask(desk, OTHER)
    desk.step_until_answering(first)
    number = desk.submit(tokens, most=8)
    desk.finish_all()
    assert answered(desk, number) == wanted.tokens


def test_the_interruption_is_an_outcome_and_no_error(runtime: LlamaRuntime) -> None:
    desk = Desk(runtime)
    ask(desk, OTHER)
    runtime.request_abort(True)
    planned = desk.scheduler.plan()
    assert runtime.decode([piece for _, piece in planned]) is DecodeOutcome.ABORTED
    assert runtime.length_of(planned[0][1].sequence) == 0
